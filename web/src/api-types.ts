/* SPDX-License-Identifier: GPL-3.0-or-later */
// The answers of the API as the screens read them. Their fields come from the contract (openapi.json, as contract.d.ts); only
// what it cannot say is said here: which word a text may be, what a JSON column holds, what is never null.
import type { components } from './contract';

type Schemas = components['schemas'];
/** A row of one query. Says may only name fields that the row has. */
type Row<Name extends keyof Schemas, Says extends Partial<Record<keyof Schemas[Name], unknown>> = {}> =
	Exclude<keyof Says, keyof Schemas[Name]> extends never ? Omit<Schemas[Name], keyof Says> & Says : never;

/** Columns that the server computes and that are always there. */
type Sure<Name extends keyof Schemas, Key extends keyof Schemas[Name]> = {
	[K in Key]: NonNullable<Schemas[Name][K]>;
};

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

export type Me = Row<'me_get', { language: Lang }>;

export interface Session {
	agent: Me;
	csrf: string;
	permissions: string[];
	/** Test mode: nothing leaves but to a few addresses. */
	testing?: boolean;
}

export type Agent = Row<'agent_list', { initials: string }>;

export type Team = Row<'team_list', { name: Words; agents: number[] }>;

export type Role = Row<'role_list', { name: Words }>;

export interface Status {
	id: number;
	name: Words;
	category: Category;
	colour: string;
	progress: number;
	position: number;
}

export type PictureState = Sure<'picture_state', 'waiting' | 'here' | 'gone' | 'always'>;

export type Type = Row<'type_list', { name: Words; statuses: Status[] }>;

export type Account = Row<'account_list', { open: number }>;

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
	own: boolean;
	watched: boolean;
}

export interface Owner {
	id: number;
	agent_id: number | null;
	team_id: number | null;
	role_id: number;
}

type Always = 'id' | 'version' | 'subject' | 'type_id' | 'status_id' | 'priority' | 'source' | 'created_at' | 'updated_at'
	| 'closed' | 'confidential' | 'unread' | 'draft' | 'files' | 'messages' | 'failed' | 'owner_ids' | 'tag_ids';
/** In owner_ids agents stand by their number, teams by theirs with a minus; a list leaves the roles of owners out. */
export type Ticket = Row<'ticket_page', Sure<'ticket_page', Always> & { last_kind: Kind | null }> & { owners: Owner[] };

/** What speaks against writing to the customer's address. */
export interface Suspect {
	email: string;
	bounces: number;
	bounced_at: string | null;
	status: string | null;
	complained_at: string | null;
}

export type TicketFull = Row<'ticket_row', Sure<'ticket_row', Always | 'held'>
	& { last_kind: Kind | null; owners: Owner[]; address: Suspect | null }>;

export interface FileRef {
	id: number;
	name: string;
	type: string;
	size: number;
	inline: boolean;
}

export type MailState = 'queued' | 'sending' | 'sent' | 'deferred' | 'failed' | 'cancelled';

/** What each recipient's server said. */
export type Results = Record<string, { code: number; words: string }>;

/** A mail that leaves or has left. */
export type OutMail = Row<'outbox_list', { state: MailState; results: Results | null; bounced: 'failed' | 'delayed' | null }>;

export type OutboxCounts = Sure<'outbox_counts', 'queued' | 'deferred' | 'failed' | 'returned' | 'scheduled'>;

/** An answer of one's own that waits, at any ticket. */
export type Waiting = Row<'scheduled_list', { due_at: string; to: string[]; cc: string[] }>;

export interface Mail {
	id: number;
	state: MailState;
	to: string;
	attempts: number;
	next_at: string | null;
	code: number | string | null;
	reply: string | null;
	sent_at: string | null;
	bounced: 'failed' | 'delayed' | null;
	bounced_at: string | null;
	bounce_status: string | null;
	bounce_words: string | null;
	replaced?: boolean;
	results?: Results | null;
}

/** The event of an invitation: times with Z are the world's, others those of zone; a day alone is all of it. */
export interface Calendar {
	method: string | null;
	summary: string | null;
	start: string | null;
	end: string | null;
	zone: string | null;
	place: string | null;
	organiser: string | null;
}

/** A mail inside a mail. */
export interface Inside {
	number: number;
	subject: string | null;
	from: { name: string | null; address: string }[];
	date: string | null;
	text: string | null;
}

export type Message = Row<'message_list',
	Sure<'message_list', 'author' | 'html' | 'raw' | 'text' | 'cut'> & { kind: Kind; files: FileRef[]; mails: Mail[]; maybe: { id: number; subject: string }[]; warnings: string[]; cc: string[]; calendar: Calendar | null; attached: Inside[] }>;

export type Event = Row<'event_list', { before: unknown; after: unknown }>;

export interface Sending {
	rule_id: number;
	rule: string;
	account: string;
	to: string[];
	/** What stands under an answer of an agent without a signature; null: the template asks for none. */
	signature: string | null;
	/** The rule asks for words of the answer: whether it leaves is known when it is written. */
	if_words?: boolean;
}

export type ServerDraft = Row<'draft_get', { kind: Kind; to: string[]; cc: string[]; uploads: Upload[] }>;

/** An answer of one's own that waits for its time. */
export type Scheduled = Row<'scheduled_get', { due_at: string; to: string[]; cc: string[]; files: number }>;

export interface Detail {
	ticket: TicketFull;
	messages: Message[];
	events: Event[];
	sending: Sending | null;
	draft: ServerDraft | null;
	scheduled: Scheduled | null;
}

export interface Page {
	tickets: Ticket[];
	next: string | null;
}

export interface Excerpt {
	message_id: number;
	kind: Kind;
	at: string;
	author: string | null;
	where: 'message' | 'comment' | 'subject' | 'file' | 'attached' | 'people';
	file: string | null;
	excerpt: string;
}

export interface Hit {
	message_id: number;
	ticket: Ticket;
	excerpts: Excerpt[];
}

export interface Note {
	what: 'words' | 'unknown' | 'too_long' | 'too_many';
	text: string | null;
	instead: string | null;
}

export interface Found {
	hits: Hit[];
	next: string | null;
	searched_to: string | null;
	notes: Note[];
	/** The question with another word that finds more. */
	instead: string | null;
	order: 'newest' | 'best';
	/** The index is being built and does not hold all yet. */
	rebuilding: boolean;
}

export interface Counted<Id> {
	id: Id;
	n: number;
	name?: string;
}

/** What the first hits of a question come to. */
export interface Facets {
	tickets: number;
	more: boolean;
	facets: {
		status: Counted<number>[];
		type: Counted<number>[];
		owner: Counted<number>[];
		tag: Counted<number>[];
		source: Counted<string>[];
		year: Counted<number>[];
		file: number;
	};
}

export interface Completion {
	kind: string;
	text: string;
	label: string | null;
	q: string;
}

export interface Alert {
	id: number;
	at: string;
	folder_id: number;
	folder: Words;
	ticket_id: number;
	message_id: number;
	subject: string;
}

export interface Upload {
	id: number;
	name: string;
	type: string;
	size: number;
	/** Of a picture between the words its Content-ID. */
	cid: string | null;
}

export type Parked = Row<'inbound_list', Sure<'inbound_list', 'id' | 'size' | 'tries' | 'fetched_at'>>;

export type CustomerRef = Row<'customer_find', { email: string; tickets: number }>;

export interface Change {
	ticket: number;
	version: number;
	kind: string;
	message_id: number | null;
}
