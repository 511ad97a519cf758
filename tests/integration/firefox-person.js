/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The person in front of Firefox, in the browser's own window: answers the questions that open, by the
 * keyboard. Arguments: a directory, and one for the pictures. Question N is in the file N.asked, its
 * picture in N.png, the answer to a question for a PIN is awaited in N.answer. Visits are begun by
 * window.person.visit(URL); the file "loaded" tells that one has ended.
 */
const [directory, pictures] = arguments;
const browserWindow = window;
let questions = 0;

const later = delay => new Promise(resolve => browserWindow.setTimeout(resolve, delay));

/* Whole or not at all, because others wait for it. */
const write = (name, text) =>
	IOUtils.writeUTF8(`${directory}/${name}`, text, { tmpPath: `${directory}/${name}.tmp` });

async function picture(of, name) {
	const bitmap = await of.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, "white");
	const canvas = new browserWindow.OffscreenCanvas(bitmap.width, bitmap.height);
	canvas.getContext("2d").drawImage(bitmap, 0, 0);
	const bytes = await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer();
	await IOUtils.write(`${pictures}/${name}.png`, new Uint8Array(bytes));
}

function type(into, text) {
	const keyboard = Cc["@mozilla.org/text-input-processor;1"].createInstance(
		Ci.nsITextInputProcessor
	);
	const key = init => {
		const event = new into.KeyboardEvent("", init);
		keyboard.keydown(event);
		keyboard.keyup(event);
	};
	keyboard.beginInputTransactionForTests(into);
	for (const character of text)
		key({ key: character, code: `Digit${character}` });
	key({ key: "Enter", code: "Enter", keyCode: into.KeyboardEvent.DOM_VK_RETURN });
}

async function awaitAnswer(name) {
	while (!(await IOUtils.exists(`${directory}/${name}`)))
		await later(50);
	return IOUtils.readUTF8(`${directory}/${name}`);
}

async function pinIsAsked(dialog) {
	const number = ++questions;
	const text = id => dialog.document.getElementById(id)?.textContent.trim() ?? "";

	await later(200);
	await picture(dialog, number);
	await write(`${number}.asked`, `PIN\n${dialog.document.title}\n${text("infoTitle")}\n${text("infoBody")}\n`);
	const answer = await awaitAnswer(`${number}.answer`);
	dialog.document.getElementById("password1Textbox").focus();
	type(dialog, answer);
}

async function certificateIsAsked(document) {
	const number = ++questions;
	const lines = [...document.querySelectorAll("description")].map(one => one.textContent);
	const choices = [...document.querySelectorAll("#nicknames menuitem")].map(one => one.label);

	await document.l10n.ready;
	await later(500);
	await picture(browserWindow, number);
	await write(`${number}.asked`, `certificate\n${choices.length}\n${[...choices, ...lines].join("\n")}\n`);
	document.getElementById("certAuthAsk").acceptDialog();
}

Services.ww.registerNotification((opened, topic) => {
	if (topic != "domwindowopened")
		return;
	opened.addEventListener("load", () => {
		if (opened.location.href.endsWith("/commonDialog.xhtml"))
			pinIsAsked(opened);
	}, { once: true });
});
Services.obs.addObserver(dialog => certificateIsAsked(dialog.ownerDocument), "cert-dialog-loaded");

const progress = {
	async onStateChange(browser, web, request, flags) {
		const ended = Ci.nsIWebProgressListener.STATE_STOP | Ci.nsIWebProgressListener.STATE_IS_NETWORK;

		if (!web.isTopLevel || (flags & ended) != ended || browser.currentURI.spec == "about:blank")
			return;
		await later(200);
		await picture(browserWindow, "page");
		await write("loaded", "");
	},
};
browserWindow.gBrowser.addTabsProgressListener(progress);

browserWindow.person = {
	/* Not at once: the answer to Marionette must not wait for questions. */
	visit(url) {
		browserWindow.setTimeout(() =>
			browserWindow.gBrowser.selectedBrowser.fixupAndLoadURIString(url, {
				triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
			})
		);
	},
};
return Services.policies.status;
