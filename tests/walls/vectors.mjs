/* SPDX-License-Identifier: GPL-3.0-or-later */
// HTML that would run a script, by class. Each vector has a number of its own, which its script asks the server for.

const TAGS = {
	img: 'src=x', svg: '', body: '', input: 'autofocus', video: 'src=x', audio: 'src=x', details: 'open', marquee: '', iframe: 'src=/x', object: 'data=/x', embed: 'src=/x', link: 'rel=stylesheet href=/x', script: 'src=/x',
	style: '', select: 'autofocus', textarea: 'autofocus', button: 'autofocus', a: 'href=/x tabindex=1 autofocus', div: 'tabindex=1 autofocus', p: 'contenteditable', table: '', td: '', font: '', math: '', form: '', label: '', isindex: '', frameset: '', image: 'src=x', custom: 'tabindex=1',
};
const EVENTS = ['onload', 'onerror', 'onfocus', 'onmouseover', 'ontoggle', 'onanimationstart'];
const URLS = (js) => [`javascript:${js}`, `JaVaScRiPt:${js}`, ` javascript:${js}`, `java\tscript:${js}`, `java\nscript:${js}`, `&#106;avascript:${js}`, `&#x6a;avascript:${js}`, `&#0000106avascript:${js}`, `javascript&colon;${js}`, `javascript&#58;${js}`,
	`\x01javascript:${js}`, `javas&Tab;cript:${js}`, `javas&NewLine;cript:${js}`, `data:text/html,<script>${js}</script>`, `data:text/html;base64,${Buffer.from(`<script>${js}</script>`).toString('base64')}`, `vbscript:${js}`, `javascript://%0a${js}`, `feed:javascript:${js}`, `view-source:javascript:${js}`, `//javascript:${js}`];

/** All vectors; a script of one asks for `to` and its number. */
export function vectors(to) {
	const all = [];
	const add = (kind, make) => {
		const js = `(new Image).src='${to}${all.length}'`;
		all.push({ kind, html: make(js, js.replace(/'/g, '&#39;')) });
	};
	// Handlers: every tag with every event, quoted in four ways.
	for (const [tag, more] of Object.entries(TAGS))
		EVENTS.forEach((e, k) => add('handler', (js, q) => [`<${tag} ${more} ${e}="${js}">x</${tag}>`, `<${tag} ${more} ${e}='${q}'>x</${tag}>`, `<${tag}/${more || 'a'}/${e}=${js.replace(/ /g, '&#32;')}>x`, `<${tag.toUpperCase()} ${more}\n${e.toUpperCase()}\n=\n"${js}" x`][k % 4]));
	// Addresses in everything that takes one.
	for (const [kind, shell] of Object.entries({ link: (u) => `<a href="${u}" autofocus>x</a>`, iframe: (u) => `<iframe src="${u}"></iframe>`, form: (u) => `<form action="${u}"><input type=submit autofocus></form>`, object: (u) => `<object data="${u}"></object><embed src="${u}">` }))
		for (let k = 0; k < 20; k++)
			add(`address in ${kind}`, (js) => shell(URLS(js.replace(/"/g, '&quot;'))[k].replace(/"/g, '&quot;')));
	for (const make of [
		(u) => `<img src="${u}">`, (u) => `<table background="${u}"><tr><td>x`, (u) => `<div style="background:url(${u})">x</div>`, (u) => `<svg><a xlink:href="${u}"><text y=9>x</text></a></svg>`, (u) => `<svg><use href="${u}"/></svg>`, (u) => `<math href="${u}">x</math>`,
		(u) => `<button formaction="${u}" autofocus>x</button>`, (u) => `<input type=image formaction="${u}">`, (u) => `<base href="${u}//"><a href=x>x</a>`, (u) => `<meta http-equiv=refresh content="0;url=${u}">`, (u) => `<isindex action="${u}" type=image>`, (u) => `<video poster="${u}"></video>`, (u) => `<frameset><frame src="${u}"></frameset>`, (u) => `<link rel=import href="${u}">`, (u) => `<area href="${u}"><map><area href="${u}"></map>`,
	])
		add('address elsewhere', (js, q) => make(`javascript:${q}`));
	// Scripts as such.
	for (const make of [
		(js) => `<script>${js}</script>`, (js) => `<SCRIPT>${js}</SCRIPT>`, (js) => `<script >${js}</script >`, (js) => `<script/x>${js}</script>`, (js) => `<script\n>${js}</script\n>`, (js) => `<script type=module>${js}</script>`, (js) => `<script\x00>${js}</script>`, (js) => `<<script>${js}//<</script>`, (js) => `<script>${js}`, (js) => `<scr<script>ipt>${js}</scr</script>ipt>`,
		(js) => `<script src="data:text/javascript,${js}"></script>`, (js) => `<svg><script>${js.replace(/'/g, '&#39;')}</script></svg>`, (js) => `<svg><script href="data:text/javascript,${js}"/></svg>`, (js) => `<svg><script xlink:href="data:,${js}"></script></svg>`, (js) => `<math><script>${js}</script></math>`, (js) => `<xml><script>${js}</script></xml>`, (js) => `<noembed><script>${js}</script></noembed>`, (js) => `<script>/*<!--*/${js}</script>-->`, (js) => `<!--><script>${js}</script>-->`, (js) => `<!-- --!><script>${js}</script>-->`,
	])
		add('script', make);
	// What one parser takes for text and another for markup.
	for (const make of [
		(p) => `<noscript><p title="</noscript>${p}">`, (p) => `<style><!--</style>${p}-->`, (p) => `<title><a title="</title>${p}">`, (p) => `<textarea><a title="</textarea>${p}">`, (p) => `<xmp><p title="</xmp>${p}">`, (p) => `<iframe><p title="</iframe>${p}">`, (p) => `<noframes><p title="</noframes>${p}">`, (p) => `<plaintext><p title="</plaintext>${p}">`, (p) => `<template>${p}</template>`, (p) => `<template><style></template>${p}</style></template>`,
		(p) => `<math><mtext><table><mglyph><style><!--</style>${p}`, (p) => `<math><mtext><option><FAKEFAKE><option></option><mglyph><svg><mtext><style><a title="</style>${p}">`, (p) => `<svg></p><style><a id="</style>${p}">`, (p) => `<form><math><mtext></form><form><mglyph><style></math>${p}`, (p) => `<svg><foreignObject><p>${p}</p></foreignObject></svg>`, (p) => `<svg><desc>${p}</desc></svg>`, (p) => `<svg><title>${p}</title></svg>`, (p) => `<math><annotation-xml encoding="text/html">${p}</annotation-xml></math>`, (p) => `<math><mi><mglyph></mi>${p}</math>`, (p) => `<svg><![CDATA[><${p.slice(1)}]]></svg>`,
		(p) => `<![CDATA[>${p}]]>`, (p) => `<!DOCTYPE x [<!ENTITY y "${p}">]>`, (p) => `<?xml version="1.0"?>${p}`, (p) => `<!-->${p}-->`, (p) => `<!--->${p}-->`, (p) => `<!-- x --!>${p}-->`, (p) => `<!--[if IE]>${p}<![endif]-->`, (p) => `<comment>${p}</comment>`, (p) => `<x:y>${p}</x:y>`, (p) => `<a title="&quot;>${p}">`,
		(p) => `<a title='">${p}'>`, (p) => `<a title=\`">${p}\`>`, (p) => `<p title=a"b>${p}`, (p) => `<p/="${p}>${p}`, (p) => `<select><style></select>${p}</style>`, (p) => `<table><style></table>${p}`, (p) => `<b><p></b>${p}</p>`, (p) => `</p>${p}`, (p) => `<br/${p}`, (p) => `&lt;img src=x&gt;${p}`,
	])
		add('two readings', (js) => make(`<img src=x onerror="${js}">`));
	// Style, SVG animation, documents in attributes, and the rest.
	for (const make of [
		(js) => `<div style="width:expression(${js})">x</div>`, (js) => `<div style="background:url(javascript:${js})">x</div>`, (js) => `<style>@import 'javascript:${js}';</style>`, (js) => `<style>*{background:url("javascript:${js}")}</style>`, (js) => `<div style="behavior:url(#x)" onclick="${js}">x</div>`, (js) => `<div style="-moz-binding:url(data:text/xml,${js})">x</div>`, (js) => `<style>@keyframes a{from{left:0}}</style><div style="animation:a 1s" onanimationstart="${js}">x</div>`, (js) => `<div style="x:\\22;}</style><img src=x onerror='${js.replace(/'/g, '&#39;')}'>">x</div>`, (js) => `<p style="color:red&quot; onmouseover=&quot;${js}">x</p>`, (js) => `<p style='a:"}' onmouseover="${js}">x</p>`,
	])
		add('style', make);
	for (const make of [
		(js, q) => `<svg><animate onbegin="${js}" attributeName=x dur=1s>`, (js, q) => `<svg><set attributeName=href to="javascript:${q}" onbegin="${js}"/></svg>`, (js, q) => `<svg><a><animate attributeName=href values="javascript:${q}"/><text y=9>x</text></a></svg>`, (js, q) => `<svg onload="${js}"><path/></svg>`, (js, q) => `<svg/onload="${js}">`, (js, q) => `<svg><image href=x onerror="${js}"/></svg>`, (js, q) => `<svg><foreignObject><iframe srcdoc="<script>${q}</script>"></iframe></foreignObject></svg>`, (js, q) => `<svg><handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">${js}</handler></svg>`, (js, q) => `<svg><style onload="${js}"></style></svg>`, (js, q) => `<svg><g onload="${js}"></g></svg>`,
		(js, q) => `<math><maction actiontype="statusline#http://x" xlink:href="javascript:${q}">x</maction></math>`, (js, q) => `<math><mi xlink:href="data:x,<script>${q}</script>">x</mi></math>`, (js, q) => `<math onmouseover="${js}">x</math>`,
	])
		add('svg and math', make);
	for (const make of [
		(js, q) => `<iframe srcdoc="<script>${q}</script>"></iframe>`, (js, q) => `<iframe srcdoc="&lt;script&gt;${q}&lt;/script&gt;"></iframe>`, (js, q) => `<iframe srcdoc='<img src=x onerror=${q.replace(/ /g, '&#32;')}>'></iframe>`, (js, q) => `<object data="data:text/html,<script>${q}</script>"></object>`, (js, q) => `<embed src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${q}'/>">`, (js, q) => `<object type="image/svg+xml" data="data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="${js}"/>`).toString('base64')}"></object>`, (js, q) => `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${q}'/>">`, (js, q) => `<portal src="javascript:${q}"></portal>`, (js, q) => `<fencedframe src="data:text/html,${q}"></fencedframe>`,
	])
		add('documents inside', make);
	for (const make of [
		() => '<meta http-equiv=refresh content="0;url=/elsewhere">', () => '<meta http-equiv="refresh" content="0; URL=\'/elsewhere\'">', () => '<META HTTP-EQUIV=REFRESH CONTENT=0;/elsewhere>', (js) => `<meta http-equiv="refresh" content="0;url=data:text/html,<script>${js}</script>">`, () => '<base href="/elsewhere/" target="_top">', (js) => `<meta http-equiv="Set-Cookie" content="a=b"><img src=x onerror="${js}">`, (js) => `<meta http-equiv="Content-Security-Policy" content="script-src *"><script>${js}</script>`, (js) => `<body onload="top.location='/elsewhere';${js}">`, (js) => `<script>top.location='/elsewhere';${js}</script>`, (js) => `<script>parent.document.body.dataset.secret='stolen';${js}</script>`,
		(js) => `<img src=x onerror="parent.document.title='stolen';${js}">`, (js) => `<script>window.open('/elsewhere');${js}</script>`, (js) => `<iframe src="javascript:parent.parent.document.title='stolen';${js.replace(/"/g, '&quot;')}"></iframe>`, () => '<form action="/elsewhere" target="_top"><input type=submit autofocus onfocus="form.submit()"></form>', (js) => `<body onfocus="${js}" onpageshow="${js}" onhashchange="${js}">`,
	])
		add('leaving', make);
	for (const make of [
		(js) => `<input onfocus="${js}" autofocus>`, (js) => `<details ontoggle="${js}" open>x</details>`, (js) => `<video><source onerror="${js}"></video>`, (js) => `<audio src onloadstart="${js}">`, (js) => `<marquee onstart="${js}">x</marquee>`, (js) => `<dialog open onclose="${js}"><form method=dialog><button autofocus onfocus="${js}">x</button></form></dialog>`, (js) => `<keygen autofocus onfocus="${js}">`, (js) => `<x contenteditable onblur="${js}" onfocus="${js}" autofocus tabindex=1>x</x>`, (js) => `<p popover onbeforetoggle="${js}">x</p><button popovertarget=x>y</button>`, (js) => `<style onload="${js}"></style>`,
		(js) => `<link rel=stylesheet href=/x onload="${js}">`, (js) => `<img srcset=x onerror="${js}">`, (js) => `<picture><source srcset=x><img onerror="${js}"></picture>`, (js) => `<image src=x onerror="${js}">`, (js) => `<bgsound src=x onerror="${js}">`, (js) => `<body background=x onload="${js}">`, (js) => `<object data=x onerror="${js}"></object>`, (js) => `<track onerror="${js}"><video src=x onerror="${js}">`, (js) => `<img src=x on\x00error="${js}" onerror="${js}">`, (js) => `<img src=x\x0conerror="${js}">`,
		(js) => `<img/src=x/onerror="${js}">`, (js) => `<img src=x onerror\n=\n"${js}">`, (js) => `<img src="x" "onerror="x" onerror="${js}">`, (js) => `<img src=x onerror=&#x28;new&#32;Image&#x29;${js.slice(11)}>`, (js) => `<img src=\`x\`onerror="${js}">`,
	])
		add('by itself', make);
	// Encodings that a browser might be talked into.
	for (const make of [
		(js) => `+ADw-script+AD4-${js}+ADw-/script+AD4-`, (js) => `<meta charset=utf-7>+ADw-script+AD4-${js}+ADw-/script+AD4-`, (js) => `\u00bcscript\u00be${js}\u00bc/script\u00be`, (js) => `\uff1cscript\uff1e${js}\uff1c/script\uff1e`, (js) => `%3Cscript%3E${js}%3C/script%3E`, (js) => `&lt;script&gt;${js}&lt;/script&gt;`, (js) => `&amp;lt;script&amp;gt;${js}`, (js) => `\ufeff<script>${js}</script>`, (js) => `\u2028<script>${js}</script>`, (js) => `<\u017fcript>${js}</\u017fcript>`,
		(js) => `<img src=x \u00adonerror="${js}" onerror="${js}">`, (js) => `<\u200bimg src=x onerror="${js}"><img src=x onerror="${js}">`,
	])
		add('encodings', make);
	// In places that hold words of people: they must stay words.
	for (const make of [(js) => `"><img src=x onerror="${js}">`, (js) => `'><script>${js}</script>`, (js) => `]]><script>${js}</script>`, (js) => `</title><script>${js}</script>`, (js) => `{{constructor.constructor("${js}")()}}`, (js) => `\${${js}}`])
		add('words', make);
	return all;
}
