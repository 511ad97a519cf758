/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The person in front of Firefox, in the browser's own window: answers the questions that open, by the
 * keyboard. Arguments: a directory, and one for the pictures. A visit is begun by
 * window.person.visit(NAME, URL, SERIAL). Its question N is told in the file N.asked, its picture is
 * NAME-N.png, and the answer to a question for a PIN is awaited in N.answer. Asked for a certificate,
 * the person takes the one with this serial number, or that which is offered first when it is empty. The
 * file "loaded" tells with what page the visit has ended, whose picture is NAME.png.
 */
const [directory, pictures] = arguments;
const browserWindow = window;
let questions = 0;
let visit = "";
let wanted = "";
let visiting = false;

/* A window's own timers stand still while a question is open in front of it. */
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
const later = delay => new Promise(resolve => setTimeout(resolve, delay));

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

	/* It fills itself when it is there. */
	while (!text("infoBody"))
		await later(50);
	await picture(dialog, `${visit}-${number}`);
	await write(`${number}.asked`, `PIN\n${dialog.document.title}\n${text("infoTitle")}\n${text("infoBody")}\n`);
	const answer = await awaitAnswer(`${number}.answer`);
	dialog.document.getElementById("password1Textbox").focus();
	type(dialog, answer);
}

async function certificateIsAsked(document) {
	const number = ++questions;
	const list = document.getElementById("nicknames");
	const items = [...list.querySelectorAll("menuitem")];
	const choices = items.map(one => one.label);

	if (wanted) {
		list.selectedItem = items.find(one => one.label.endsWith(`[${wanted}]`));
		list.doCommand();
	}
	/* The last text that comes, first without the token's name. */
	const token = document.getElementById("clientAuthCertDetailsStoredOn");
	const name = () => JSON.parse(token.getAttribute("data-l10n-args")).storedOn;
	const serial = document.getElementById("clientAuthCertDetailsSerialNumber");
	while (!name() || !token.textContent.includes(name()) || !serial.textContent.includes(wanted))
		await later(50);
	const lines = [...document.querySelectorAll("description")].map(one => one.textContent);
	await picture(browserWindow, `${visit}-${number}`);
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
	async onStateChange(browser, web, request, flags, status) {
		const ended = Ci.nsIWebProgressListener.STATE_STOP | Ci.nsIWebProgressListener.STATE_IS_NETWORK;

		if (!visiting || !web.isTopLevel || (flags & ended) != ended || status == Cr.NS_BINDING_ABORTED)
			return;
		visiting = false;
		/* A page about an error fills itself when it is there. */
		await later(Components.isSuccessCode(status) ? 200 : 1000);
		await picture(browserWindow, visit);
		await write("loaded", browser.browsingContext.currentWindowGlobal.documentURI.spec);
	},
};
browserWindow.gBrowser.addTabsProgressListener(progress);

browserWindow.person = {
	/* Not at once: the answer to Marionette must not wait for questions. */
	visit(name, url, serialNumber) {
		visit = name;
		wanted = serialNumber;
		questions = 0;
		visiting = true;
		setTimeout(() => {
			browserWindow.gBrowser.selectedBrowser.fixupAndLoadURIString(url, {
				triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
			});
		});
	},
};
return Services.policies.status;
