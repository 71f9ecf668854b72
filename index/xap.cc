/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only C++ of docket and the only includer of xapian.h. Every entry point is one call of guard(),
 * which holds the catch ladder; retry() adds what a reader does when the writer overtook it. */
#include <xapian.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "index/xap.h"

struct xap_doc {
	Xapian::Document d;
};
struct xap_writer {
	Xapian::WritableDatabase d;
};
struct xap_reader {
	Xapian::Database d;
};

static char last_error[256];

/* Xapian::Error has no virtual functions, but says its class. */
static enum xap
said(const char *type, const char *text) noexcept
{
	static const std::pair<const char *, enum xap> kinds[] = {
		{ "DatabaseLockError", XAP_LOCKED },
		{ "DatabaseNotFoundError", XAP_NONE },
		{ "DatabaseCorruptError", XAP_CORRUPT },
		{ "DatabaseVersionError", XAP_CORRUPT },
		{ "DocNotFoundError", XAP_NONE },
	};

	snprintf(last_error, sizeof last_error, "%s: %s", type, text);
	for (const auto &kind : kinds)
		if (strcmp(kind.first, type) == 0)
			return kind.second;
	return XAP_FAILED;
}

template <class F>
static enum xap
guard(F f) noexcept
{
	try {
		f();
		return XAP_OK;
	} catch (const Xapian::Error &e) {
		return said(e.get_type(), e.get_msg().c_str());
	} catch (...) {
		return said("C++", "no memory, or no Xapian error");
	}
}

/* Two commits after a reader opened its revision, the writer may reuse its blocks; at a high rate of
 * commits this can happen several times running. */
template <class F>
static enum xap
retry(struct xap_reader *r, F f) noexcept
{
	return guard([&] {
		for (int left = 9;; left--)
			try {
				r->d.reopen();
				return f();
			} catch (const Xapian::DatabaseModifiedError &) {
				if (left == 0)
					throw;
			}
	});
}

static Xapian::docid
id_of(int64_t message)
{
	if (message <= 0 || message >= (int64_t)XAP_BASE)
		throw Xapian::InvalidArgumentError("message id outside the index");
	return XAP_BASE - (Xapian::docid)message;
}

/* Document ids from `first` on, or those of a list (newest first): OP_FILTER skips through it. */
struct Window final : public Xapian::PostingSource {
	const Xapian::docid first;
	const int64_t *const v, *const end;
	const int64_t *at;
	Xapian::docid cur, last;
	bool started;

	Window(Xapian::docid from, const int64_t *list, size_t n)
	    : first(from), v(list), end(list + n)
	{
	}
	void seek(Xapian::docid to)
	{
		cur = std::max(cur, to);
		if (v != nullptr) {
			at = std::lower_bound(
			    at, end, (int64_t)(XAP_BASE - cur), std::greater<int64_t>());
			cur = at == end ? last : XAP_BASE - (Xapian::docid)*at;
		}
	}
	void init(const Xapian::Database &d) override
	{
		last = v != nullptr ? XAP_BASE : d.get_lastdocid() + 1;
		at = v;
		started = false;
		set_maxweight(0);
		seek(cur = first);
	}
	Xapian::doccount get_termfreq_min() const override { return 0; }
	Xapian::doccount get_termfreq_est() const override { return get_termfreq_max(); }
	Xapian::doccount get_termfreq_max() const override { return v ? end - v : XAP_BASE; }
	void next(double) override
	{
		seek(cur + started);
		started = true;
	}
	void skip_to(Xapian::docid to, double) override
	{
		started = true;
		seek(to);
	}
	bool at_end() const override { return started && cur >= last; }
	Xapian::docid get_docid() const override { return cur; }
};

using Query = Xapian::Query;

/* A query of the reader's revision; weighted: its words count for the order. */
struct Builder {
	const Xapian::Database &d;
	const bool weighted;

	/* What nobody weighs and every document has stands for all of them: Xapian 1.4 replaces such a term itself, and its
	 * own way reads a list that does not begin at id 1 to the end of its first block only, then calls it corrupt. */
	bool is_everywhere(Xapian::doccount documents) const
	{
		return !weighted && documents == d.get_doccount() && documents > 0;
	}

	Query term(const std::string &t) const
	{
		return is_everywhere(d.get_termfreq(t)) ? Query::MatchAll : Query(t);
	}

	/* The most frequent terms that begin so. */
	Query prefix(const std::string &p) const
	{
		std::vector<std::pair<Xapian::doccount, std::string>> found;
		std::vector<Query> v;

		for (auto i = d.allterms_begin(p); i != d.allterms_end(p); ++i)
			found.emplace_back(i.get_termfreq(), *i);
		if (found.size() > XAP_PREFIX_MAX) {
			std::nth_element(found.begin(), found.begin() + XAP_PREFIX_MAX, found.end(),
			    std::greater<>());
			found.resize(XAP_PREFIX_MAX);
		}
		for (const auto &f : found) {
			if (is_everywhere(f.first))
				return Query::MatchAll;
			v.emplace_back(f.second);
		}
		return Query(Query::OP_OR, v.begin(), v.end());
	}

	/* "Not" is set difference in Xapian: what must not be is taken from the rest. */
	Query conjunction(const struct xap_node *const *v, size_t n) const
	{
		const Builder unweighted{ d, false };
		std::vector<Query> with, without;

		for (size_t i = 0; i < n; i++)
			if (v[i]->op == XAP_NOT)
				without.push_back(unweighted.build(v[i]->children[0]));
			else
				with.push_back(build(v[i]));
		if (with.empty())
			with.push_back(Query::MatchAll);
		return Query(Query::OP_AND_NOT, Query(Query::OP_AND, with.begin(), with.end()),
		    Query(Query::OP_OR, without.begin(), without.end()));
	}

	Query phrase(const struct xap_node *q) const
	{
		std::vector<Query> v;

		for (size_t i = 0; i < q->nchildren; i++)
			v.emplace_back(q->children[i]->term);
		return Query(Query::OP_PHRASE, v.begin(), v.end());
	}

	Query build(const struct xap_node *q) const
	{
		std::vector<Query> v;

		if (q->op == XAP_TERM)
			return term(q->term);
		if (q->op == XAP_PREFIX)
			return prefix(q->term);
		if (q->op == XAP_PHRASE)
			return phrase(q);
		if (q->op == XAP_NOT || q->op == XAP_AND)
			return q->op == XAP_NOT ? conjunction(&q, 1)
						: conjunction(q->children, q->nchildren);
		for (size_t i = 0; i < q->nchildren; i++)
			v.push_back(build(q->children[i]));
		return Query(Query::OP_OR, v.begin(), v.end());
	}
};

/* A document's ticket is the value of this slot: the number's bytes without leading zeros, lowest first. */
static const Xapian::valueno TICKET = 0;

static std::string
packed(int64_t ticket)
{
	std::string s;

	for (uint64_t n = (uint64_t)ticket; n > 0; n >>= 8)
		s += (char)(n & 255);
	return s;
}

static int64_t
unpacked(const std::string &s)
{
	uint64_t n = 0;

	for (size_t i = s.size(); i-- > 0;)
		n = n << 8 | (unsigned char)s[i];
	return (int64_t)n;
}

/* The tickets of documents that are asked for in rising order. */
struct Tickets {
	Xapian::ValueIterator at, end;

	explicit Tickets(const Xapian::Database &d)
	    : at(d.valuestream_begin(TICKET)), end(d.valuestream_end(TICKET))
	{
	}
	int64_t of(Xapian::docid id)
	{
		if (at != end)
			at.skip_to(id);
		return at != end && at.get_docid() == id ? unpacked(*at) : 0;
	}
};

/* Stable within one build of docket, which is all that compares them. */
static uint64_t
digest(Xapian::TermIterator i, int64_t ticket)
{
	uint64_t h = (uint64_t)ticket;

	for (; i != Xapian::TermIterator(); ++i)
		h = (h + std::hash<std::string>()(*i) + i.get_wdf()) * 1099511628211ULL;
	return h;
}

const char *
xap_error(void)
{
	return last_error;
}

struct xap_doc *
xap_doc_new(void)
{
	struct xap_doc *doc = nullptr;

	guard([&] { doc = new xap_doc; });
	return doc;
}

void
xap_doc_free(struct xap_doc *doc)
{
	delete doc;
}

enum xap
xap_doc_term(struct xap_doc *doc, const char *term, size_t n, uint32_t position)
{
	return guard([&] {
		if (position == 0)
			doc->d.add_term(std::string(term, n));
		else
			doc->d.add_posting(std::string(term, n), position);
	});
}

enum xap
xap_doc_ticket(struct xap_doc *doc, int64_t ticket)
{
	return guard([&] { doc->d.add_value(TICKET, packed(ticket)); });
}

enum xap
xap_doc_digest(struct xap_doc *doc, uint64_t *out)
{
	return guard(
	    [&] { *out = digest(doc->d.termlist_begin(), unpacked(doc->d.get_value(TICKET))); });
}

enum xap
xap_writer_open(const char *dir, struct xap_writer **out)
{
	*out = nullptr;
	return guard([&] {
		/* More in memory is slower: the cache misses cost more than the flushes. */
		setenv("XAPIAN_FLUSH_THRESHOLD", "5000", 0);
		*out = new xap_writer{ Xapian::WritableDatabase(dir,
		    Xapian::DB_CREATE_OR_OPEN | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC) };
	});
}

void
xap_writer_close(struct xap_writer *w)
{
	delete w;
}

enum xap
xap_commit(struct xap_writer *w)
{
	return guard([&] { w->d.commit(); });
}

enum xap
xap_replace(struct xap_writer *w, int64_t message, struct xap_doc *doc)
{
	return guard([&] { w->d.replace_document(id_of(message), doc->d); });
}

enum xap
xap_remove(struct xap_writer *w, int64_t message)
{
	enum xap done = guard([&] { w->d.delete_document(id_of(message)); });

	return done == XAP_NONE ? XAP_OK : done;
}

enum xap
xap_open(const char *dir, struct xap_reader **out)
{
	*out = nullptr;
	return guard(
	    [&] { *out = new xap_reader{ Xapian::Database(dir, Xapian::DB_BACKEND_GLASS) }; });
}

void
xap_close(struct xap_reader *r)
{
	delete r;
}

/* Whose the hits are, whatever their order. */
static void
look_up(const Xapian::Database &d, const int64_t *hits, int64_t *tickets, size_t n)
{
	std::vector<size_t> order(n);
	Tickets all(d);

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	std::sort(
	    order.begin(), order.end(), [&](size_t a, size_t b) { return hits[a] > hits[b]; });
	for (size_t i : order)
		tickets[i] = all.of(id_of(hits[i]));
}

enum xap
xap_search(struct xap_reader *r, const struct xap_ask *ask, int64_t *hits, int64_t *tickets,
    size_t max, size_t *nhits)
{
	return retry(r, [&] {
		Xapian::Enquire e(r->d);
		Query query = Builder{ r->d, ask->best }.build(ask->query);
		Window window(ask->before > 0 ? id_of(ask->before) + 1 : 1, ask->only, ask->nonly);

		if (ask->only != nullptr || ask->before > 0)
			query = Query(Query::OP_FILTER, query, Query(&window));
		if (!ask->best)
			e.set_weighting_scheme(Xapian::BoolWeight());
		e.set_docid_order(Xapian::Enquire::ASCENDING);
		e.set_cutoff(ask->least);
		e.set_query(query);
		const Xapian::MSet found = e.get_mset(ask->offset, max);
		*nhits = 0;
		for (auto i = found.begin(); i != found.end(); ++i)
			hits[(*nhits)++] = (int64_t)XAP_BASE - *i;
		if (tickets != nullptr)
			look_up(r->d, hits, tickets, *nhits);
	});
}

enum xap
xap_doc_matches(struct xap_doc *doc, const struct xap_node *q, bool *is)
{
	return guard([&] {
		Xapian::WritableDatabase one("", Xapian::DB_BACKEND_INMEMORY);
		Xapian::Enquire e(one);

		one.add_document(doc->d);
		e.set_weighting_scheme(Xapian::BoolWeight());
		e.set_query(Builder{ one, false }.build(q));
		*is = !e.get_mset(0, 1).empty();
	});
}

enum xap
xap_digests(struct xap_reader *r, int64_t before, struct xap_digest *out, size_t max, size_t *n)
{
	return retry(r, [&] {
		Xapian::PostingIterator i = r->d.postlist_begin(std::string());
		Tickets tickets(r->d);

		if (before > 0)
			i.skip_to(id_of(before) + 1);
		for (*n = 0; *n < max && i != Xapian::PostingIterator(); ++i, ++*n)
			out[*n] = { (int64_t)XAP_BASE - *i,
				digest(r->d.termlist_begin(*i), tickets.of(*i)) };
	});
}

enum xap
xap_terms(struct xap_reader *r, int64_t message, const char *prefix, const char *after,
    struct xap_term *out, size_t max, size_t *n)
{
	return retry(r, [&] {
		auto i =
		    message ? r->d.termlist_begin(id_of(message)) : r->d.allterms_begin(prefix);

		i.skip_to(std::max<std::string>(prefix, after));
		for (*n = 0; *n < max && i != Xapian::TermIterator() && !(*i).find(prefix); ++i) {
			if (*i == after || (*i).size() >= sizeof out->s)
				continue;
			out[*n] = { "", message == 0 ? 0 : i.get_wdf(), i.get_termfreq() };
			(*i).copy(out[(*n)++].s, sizeof out->s);
		}
	});
}

void
xap_stem(enum xap_lang lang, const char *word, size_t n, char *out, size_t size)
{
	if (guard([&] {
		    static const Xapian::Stem german("german2"), english("english");
		    std::string stem =
			(lang == XAP_GERMAN ? german : english)(std::string(word, n));

		    snprintf(out, size, "%s", stem.c_str());
	    }) != XAP_OK)
		snprintf(out, size, "%.*s", (int)n, word);
}
