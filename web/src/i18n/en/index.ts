/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { Catalog } from '../de';
import { desk } from './desk';
import { keys } from './keys';
import { mail } from './mail';
import { search } from './search';
import { ticket } from './ticket';

export const en: Catalog = { ...desk, ...keys, ...mail, ...search, ...ticket };
