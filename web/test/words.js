/* SPDX-License-Identifier: GPL-3.0-or-later */
// The shop of the fixture: people, subjects and letters in German and English, plausible and made up.

export const agents = [
	{ id: 1, name: 'Lena Brandt', initials: 'LB', email: 'lena.brandt@haus-lindemann.example', active: true },
	{ id: 2, name: 'Jonas Keller', initials: 'JK', email: 'jonas.keller@haus-lindemann.example', active: true },
	{ id: 3, name: 'Aylin Demir', initials: 'AD', email: 'aylin.demir@haus-lindemann.example', active: true },
	{ id: 4, name: 'Tobias Wenzel', initials: 'TW', email: 'tobias.wenzel@haus-lindemann.example', active: true },
];
export const teams = [
	{ id: 1, name: { de: 'Versand', en: 'Shipping' }, agents: [2, 4] },
	{ id: 2, name: { de: 'Buchhaltung', en: 'Accounting' }, agents: [3] },
];
export const roles = [
	{ id: 1, name: { de: 'Federführung', en: 'Lead' }, position: 1 },
	{ id: 2, name: { de: 'Prüfung', en: 'Review' }, position: 2 },
];
const status = (id, de, en, category, colour, progress) => ({ id, name: { de, en }, category, colour, progress, position: id });
export const types = [
	{ id: 1, name: { de: 'Anfrage', en: 'Enquiry' }, icon: 'mail', position: 1, statuses: [
		status(1, 'Neu', 'New', 'new', 'violet', 0), status(2, 'Offen', 'Open', 'open', 'blue', 20),
		status(3, 'Wartet auf Kundschaft', 'Waiting for customer', 'wait', 'grey', 60), status(4, 'Erledigt', 'Done', 'done', 'green', 100),
		status(5, 'Abgelehnt', 'Rejected', 'shut', 'grey', 100)] },
	{ id: 2, name: { de: 'Reklamation', en: 'Complaint' }, icon: 'package', position: 2, statuses: [
		status(11, 'Neu', 'New', 'new', 'violet', 0), status(12, 'In Klärung mit Versand', 'With shipping', 'work', 'orange', 30),
		status(13, 'Rückfrage an Kunden', 'Asked the customer', 'wait', 'grey', 50), status(14, 'Wartet auf DHL', 'Waiting for DHL', 'ext', 'teal', 60),
		status(15, 'Erledigt', 'Done', 'done', 'green', 100), status(16, 'Abgelehnt, Spam', 'Rejected, spam', 'shut', 'grey', 100)] },
	{ id: 3, name: { de: 'Rechnung', en: 'Invoice' }, icon: 'receipt-text', position: 3, statuses: [
		status(21, 'Neu', 'New', 'new', 'violet', 0), status(22, 'In Prüfung', 'In review', 'work', 'blue', 40), status(23, 'Erledigt', 'Done', 'done', 'green', 100)] },
];
export const accounts = [
	{ id: 1, name: 'Service', address: 'service@haus-lindemann.example', active: true, sender_name: 'Haus Lindemann', open: 0, last_ok_at: null, last_error: null },
	{ id: 2, name: 'Export', address: 'export@haus-lindemann.example', active: true, sender_name: 'Haus Lindemann', open: 0, last_ok_at: null, last_error: null },
];

export const customers = [
	['Anna Vogt', 'anna.vogt@posteo.example'], ['Zoohandlung Müller GmbH & Co. KG', 'einkauf@zoo-mueller.example'], ['Mehmet Yıldız', 'm.yildiz@mail.example'],
	['Katharina von Hohenstein-Wallersdorf', 'k.hohenstein@web.example'], ['Familie Oberhuber', 'oberhuber@gmx.example'], ['DHL Geschäftskunden', 'nachforschung@dhl.example'],
	['Björn Sörensen', 'bjorn@soerensen.example'], ['Petra Nowak', 'petra.nowak@t-online.example'], ['Susanne Grünwald', 's.gruenwald@web.example'],
	['Oliver Whitfield', 'oliver.whitfield@mail.example'], ['Claire Dubois', 'claire@dubois.example'], ['Rosemary Hart', 'rosemary.hart@post.example'],
	['Hotel Seeblick GmbH', 'bestellung@hotel-seeblick.example'], ['Stefan Achterberg', 'achterberg@mail.example'], ['Dieter Quandt', 'd.quandt@freenet.example'],
	['Ingrid Paulsen', 'ingrid.paulsen@gmx.example'], ['Thomas O’Leary', 'tom@oleary.example'], ['Nina Kowalski', 'nina.k@mail.example'],
];

export const letters = [
	['Glasvase „Fjord“ zerbrochen angekommen, Ersatz vor dem 28. November möglich?', 2, 'Guten Tag,\n\nheute kam das Paket mit der Vase „Fjord“ an. Leider ist sie am Hals gebrochen, der Glasbruch ist auf den Fotos gut zu sehen. Der Karton war außen unbeschädigt.\n\nEs ist ein Geschenk. Können Sie vor dem 28. November Ersatz schicken?\n\nViele Grüße\nAnna Vogt'],
	['Sammelbestellung 48 Futterspender, Lieferung in zwei Teilen', 1, 'Guten Tag,\n\nwir möchten die Bestellung vom 16.11. gern in zwei Teilen erhalten: 24 Stück sofort, den Rest im Januar. Ist das ohne Aufpreis möglich?\n\nMit freundlichen Grüßen\nZoohandlung Müller'],
	['Rechnung RE-2026-118842 mit falscher Umsatzsteuer', 3, 'Ich habe bereits zweimal geschrieben und noch immer keine korrigierte Rechnung. Bitte weisen Sie 19 % statt 7 % aus; unser Steuerberater wartet darauf.\n\nM. Yıldız'],
	['Umtausch Leinenbettwäsche 155 × 220: Farbe weicht deutlich von der Abbildung ab', 2, 'Sehr geehrte Damen und Herren,\n\nSie schrieben, dass der Umtausch binnen 14 Tagen möglich ist. Die Bettwäsche ist auf dem Bild sandfarben, geliefert wurde ein kräftiges Gelb. Wie gehe ich vor?\n\nK. v. Hohenstein'],
	['Nachlieferung Schrauben für Regal „Kiefer 4“', 1, 'Hallo,\n\nim Beutel fehlen vier Schrauben M6 × 40. Können Sie die nachschicken? Das Regal steht seit Samstag halb fertig im Flur.\n\nFamilie Oberhuber'],
	['Nachforschungsauftrag NFA-77120934 eröffnet', 2, 'Ihr Auftrag wurde angelegt. Die Bearbeitungszeit beträgt bis zu zehn Werktage. Bitte antworten Sie nicht auf diese Nachricht.'],
	['Lieferadresse ändern: Auftrag 778120', 1, 'Hej,\n\nbitte an die Packstation 142 in 24103 Kiel statt nach Hause. Ist das noch möglich?\n\nBjörn'],
	['Danke, alles bestens!', 1, 'Die neue Lampe leuchtet wunderbar. Herzlichen Dank für die schnelle Hilfe und den freundlichen Kontakt.'],
	['Gutschrift noch nicht auf dem Konto', 3, 'Guten Tag,\n\nwir haben am 18.11. überwiesen und die Retoure ist laut Sendungsverfolgung seit dem 12. bei Ihnen. Wann kommt die Gutschrift über 64,90 €?\n\nS. Grünwald'],
	['Parcel to Leeds has not moved for six days', 2, 'Hello,\n\nmy order 778221 has been sitting in a depot near Cologne since last Tuesday. The tracking page says “instruction data received”. Could you find out what is happening? I need the chairs by Friday.\n\nBest wishes\nOliver Whitfield'],
	['Do you ship the oak bench “Havel” to France?', 1, 'Bonjour, hello,\n\nI would like two of the oak benches delivered to Lyon. Your shop only offers Germany and Austria at checkout. Is there a way, and what would it cost?\n\nClaire Dubois'],
	['Missing screws and a question about the varnish', 1, 'Dear team,\n\nthe shelf arrived in good order, but two of the long screws are missing. Also: is the varnish safe for a nursery?\n\nKind regards\nRosemary Hart'],
	['Angebot für 40 Nachttischlampen, Lieferung bis März', 1, 'Sehr geehrte Damen und Herren,\n\nfür die Renovierung unseres Südflügels suchen wir 40 Nachttischlampen „Norderney“ in Messing. Bitte nennen Sie uns einen Staffelpreis und den spätesten Bestelltermin.\n\nHotel Seeblick GmbH'],
	['Ersatzlieferung Bodenvase „Norderney“', 2, 'Die zweite Vase ist heil angekommen, vielen Dank. Beim ersten Glasbruch hatte ich schon die Hoffnung aufgegeben.'],
	['Wertersatz abgelehnt: Vase im Garten umgefallen', 2, 'Der Glasbruch ist nicht auf dem Transport entstanden, das gebe ich zu. Die Vase stand seit drei Wochen im Garten. Gibt es dennoch Kulanz?'],
	['Bestellung 771902: falsche Größe geliefert', 2, 'Statt des Teppichs in 160 × 230 kam 120 × 170. Die Rechnung stimmt, der Teppich nicht. Wie schicke ich ihn zurück?'],
	['Invoice needed for customs, order 776519', 3, 'Hi,\n\ncustoms in Dublin want a commercial invoice with the tariff numbers before they release the parcel. Could you mail me one today?\n\nThanks\nTom'],
	['Wann ist die Holzbank „Havel“ wieder lieferbar?', 1, 'Ich suche die Bank seit drei Wochen. Können Sie mir Bescheid geben, sobald sie wieder da ist?'],
	['Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz: Frage zum Kochbuch', 1, 'Auf Seite 48 Ihres Kochbuchs steht ein Wort, das meine Enkelin nicht glauben will. Gibt es das wirklich?'],
];

export const answers = [
	'Guten Tag,\n\ndas tut mir leid. Bitte schicken Sie uns zwei Fotos: eines vom Karton und eines von der Ware. Die Scherben müssen Sie nicht zurücksenden.\n\nFreundliche Grüße\nLena Brandt',
	'Guten Tag,\n\ndanke für Ihre Nachricht. Ich habe das mit dem Lager geklärt, die Sendung geht heute noch hinaus.\n\nFreundliche Grüße\nJonas Keller',
	'Hello,\n\nthank you for writing. I have asked the carrier and will come back to you by tomorrow noon.\n\nKind regards\nAylin Demir',
];
export const comments = [
	'Im Lager Kassel stehen noch drei Stück. Wenn der Ersatz heute bis 16 Uhr rausgeht, ist er am Mittwoch da. Transportschaden melde ich bei DHL.',
	'Kunde ist seit Jahren dabei, bitte kulant sein.',
	'Carrier says the parcel was scanned in Cologne this morning.',
];
export const replies = [
	'Vielen Dank für die schnelle Rückmeldung. Die Fotos habe ich angehängt. Es ist ein Geschenk zum 28., deshalb wäre mir eine rasche Lösung wichtig.',
	'Danke, das passt so für mich.',
	'Thanks for looking into it. Friday is the latest that works for me.',
];
export const quoted = 'Am 20.11.2026 um 10:47 schrieb Haus Lindemann:\n> Guten Tag,\n> das tut mir leid. Bitte schicken Sie uns zwei Fotos.\n> Freundliche Grüße\n> Lena Brandt';
