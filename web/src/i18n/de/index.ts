/* SPDX-License-Identifier: GPL-3.0-or-later */
// German is the source of truth: what stands here in one file per area, en/ must have too, or it does not compile.
import { desk } from './desk';
import { keys } from './keys';
import { mail } from './mail';
import { search } from './search';
import { ticket } from './ticket';

export const de = { ...desk, ...keys, ...mail, ...search, ...ticket };

/** What every language must be able to say. */
export type Catalog = typeof de;
