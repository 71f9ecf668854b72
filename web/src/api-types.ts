/* SPDX-License-Identifier: GPL-3.0-or-later */
// The answers of the API as the screens read them; src/api/*.api is the source of each shape.

export type Lang = 'de' | 'en';
export type Words = { de: string; en: string };
export type Category = 'new' | 'open' | 'work' | 'wait' | 'ext' | 'done' | 'shut';
export type Kind = 'message' | 'comment';

export interface Meta {
	name: string;
	version: string;
	languages: Lang[];
	https: boolean;
}

export interface Me {
	id: number;
	login: string;
	name: string;
	email: string;
	language: Lang;
	zone: string;
	signature: string;
}

export interface Session {
	agent: Me;
	csrf: string;
	permissions: string[];
}

export interface Agent {
	id: number;
	name: string;
	initials: string;
	email: string;
	active: boolean;
}

export interface Team {
	id: number;
	name: Words;
	agents: number[];
}

export interface Role {
	id: number;
	name: Words;
	position: number;
}

export interface Status {
	id: number;
	name: Words;
	category: Category;
	colour: string;
	progress: number;
	position: number;
}

export interface Type {
	id: number;
	name: Words;
	icon: string;
	position: number;
	statuses: Status[];
}

export interface Account {
	id: number;
	name: string;
	address: string;
	active: boolean;
	sender_name: string;
	open: number;
	last_ok_at: string | null;
	last_error: string | null;
}

export interface Folder {
	id: number;
	key: string | null;
	name: Words;
	icon: string;
	query: string;
	parent_id: number | null;
	position: number;
	count: number;
	capped: boolean;
}

export interface Owner {
	id: number;
	agent_id: number | null;
	team_id: number | null;
	role_id: number;
}

export interface Ticket {
	id: number;
	version: number;
	subject: string;
	type_id: number;
	status_id: number;
	priority: number;
	source: string;
	account_id: number | null;
	customer_id: number | null;
	customer: string | null;
	from_name: string | null;
	from_email: string | null;
	snippet: string | null;
	last_kind: Kind | null;
	last_message_id: number | null;
	created_at: string;
	updated_at: string;
	deadline_at: string | null;
	closed: boolean;
	confidential: boolean;
	unread: boolean;
	draft: boolean;
	files: number;
	messages: number;
	failed: boolean;
	/** Who owns it: agents by their number, teams by theirs with a minus. */
	owner_ids: number[];
	/** The owners with their roles; a list leaves them out. */
	owners: Owner[];
}

export interface TicketFull extends Ticket {
	customer_email: string | null;
	customer_phone: string | null;
	customer_note: string | null;
	customer_tickets: number | null;
	customer_since: string | null;
}

export interface FileRef {
	id: number;
	name: string;
	type: string;
	size: number;
	inline: boolean;
}

export type MailState = 'queued' | 'sending' | 'sent' | 'deferred' | 'failed' | 'cancelled';

export interface Mail {
	id: number;
	state: MailState;
	to: string;
	attempts: number;
	next_at: string | null;
	code: number | string | null;
	reply: string | null;
	sent_at: string | null;
}

export interface Message {
	id: number;
	kind: Kind;
	created_at: string;
	agent_id: number | null;
	author: string;
	email: string | null;
	subject: string | null;
	text: string;
	folded: string | null;
	html: boolean;
	remote?: boolean;
	source: string;
	automatic: string | null;
	auth?: 'verified' | 'unverified' | 'failed' | null;
	/** The original mail can be loaded. */
	raw?: boolean;
	to: string | null;
	files: FileRef[];
	mails: Mail[];
}

export interface Event {
	id: number;
	at: string;
	kind: string;
	agent_id: number | null;
	rule_id: number | null;
	rule: string | null;
	before: unknown;
	after: unknown;
	version: number;
	message_id: number | null;
	text_before?: string | null;
	text_after?: string | null;
}

export interface Sending {
	rule_id: number;
	rule: string;
	account: string;
	to: string[];
}

export interface ServerDraft {
	kind: Kind;
	body: string;
	version: number;
	updated_at: string;
}

export interface Detail {
	ticket: TicketFull;
	messages: Message[];
	events: Event[];
	sending: Sending | null;
	draft: ServerDraft | null;
}

export interface Page {
	tickets: Ticket[];
	next: string | null;
}

export interface Hit {
	ticket: Ticket;
	message_id: number | null;
	kind: Kind | null;
	where: 'message' | 'comment' | 'subject' | 'file';
	at: string;
	author: string | null;
	excerpt: string;
}

export interface Found {
	hits: Hit[];
	next: string | null;
	searched_to: string | null;
	understood: string | null;
}

export interface Upload {
	id: number;
	name: string;
	type: string;
	size: number;
}

export interface CustomerRef {
	id: number;
	name: string;
	email: string;
	tickets: number;
}

export interface Change {
	ticket: number;
	version: number;
	kind: string;
	message_id: number | null;
}
