/* SPDX-License-Identifier: GPL-3.0-or-later */
/* index_bare FROM TO: writes the documents of one database into another, all terms, counts and positions,
 * with nothing else to do: what Xapian itself needs for docket's index. Prints documents and CPU seconds. */
#include <xapian.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

struct Term {
	std::string name;
	Xapian::termcount count;
	std::vector<Xapian::termpos> positions;
};
struct Doc {
	Xapian::docid id;
	std::vector<Term> terms;
};

static double
now()
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static Doc
read(const Xapian::Database &d, Xapian::docid id)
{
	Doc doc{ id, {} };

	for (auto t = d.termlist_begin(id); t != d.termlist_end(id); ++t) {
		Term term{ *t, t.get_wdf(), {} };

		for (auto p = t.positionlist_begin(); p != t.positionlist_end(); ++p)
			term.positions.push_back(*p);
		doc.terms.push_back(term);
	}
	return doc;
}

static void
write(Xapian::WritableDatabase &d, const Doc &doc)
{
	Xapian::Document x;

	for (const Term &t : doc.terms) {
		for (Xapian::termpos p : t.positions)
			x.add_posting(t.name, p);
		if (t.count > t.positions.size())
			x.add_term(t.name, t.count - (Xapian::termcount)t.positions.size());
	}
	d.replace_document(doc.id, x);
}

int
main(int argc, char **argv)
{
	if (argc != 3)
		return 64;
	setenv("XAPIAN_FLUSH_THRESHOLD", "5000", 1);
	Xapian::Database from(argv[1]);
	Xapian::WritableDatabase to(argv[2], Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC);
	double took = 0;
	size_t n = 0;

	for (auto i = from.postlist_begin(""); i != from.postlist_end("");) {
		std::vector<Doc> docs;

		for (; docs.size() < 1000 && i != from.postlist_end(""); ++i)
			docs.push_back(read(from, *i));
		double begin = now();
		for (const Doc &doc : docs)
			write(to, doc);
		took += now() - begin;
		n += docs.size();
	}
	double begin = now();
	to.commit();
	printf("%zu %.3f\n", n, took + now() - begin);
	return 0;
}
