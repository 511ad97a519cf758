// SPDX-License-Identifier: LGPL-2.1-or-later
//
// page.js: shows a listed page that there is somebody who answers, and carries each of its requests to
// the background and one answer back.
//
// The page can read and change everything here that is in its document, so nothing secret is ever there.

(() => {
	const api = globalThis.browser ?? globalThis.chrome;
	const ids = { extensionNumber: "extension-is-installed", applicationNumber: "app-is-installed" };
	// What the portal compares, if an administrator has set nothing else (see managed.json).
	const usual = { extensionNumber: 24, applicationNumber: 29 };
	const isNumber = (value) => Number.isInteger(value) && value > 0 && value <= 9999;
	const longest = 65536;
	const ping = 10000;

	let open = null;
	let gesture = false;
	// The mode of a request that was cut off because the page went away.
	let cut = null;

	// Return whether the document may use the card: the only one of its tab, https at the usual port.
	function servable() {
		return window === window.top && location.protocol === "https:" && location.port === "";
	}

	// Return the two numbers. It takes a moment to read what an administrator has set.
	async function numbers() {
		let managed = {};
		try {
			managed = await api.storage.managed.get(null);
		} catch {
			// Firefox: nothing is managed.
		}
		return Object.fromEntries(Object.entries(usual).map(([name, value]) =>
			[name, isNumber(managed[name]) ? managed[name] : value]));
	}

	// Return when the window has this event, before the page's own scripts hear of it.
	function heard(event) {
		return new Promise((resolve) => addEventListener(event, resolve, { capture: true, once: true }));
	}

	// Make the two inputs. The page may compare them as soon as it finds them, so what an administrator has
	// set is in them from the first moment. But when the page has been loaded it looks for them, and one that
	// has nothing but itself to load may be quicker than the answer: then they can only be corrected.
	async function made(known, loaded) {
		const values = await Promise.race([known, loaded.then(() => usual)]);
		const inputs = {};
		for (const [name, id] of Object.entries(ids)) {
			inputs[name] = document.createElement("input");
			inputs[name].type = "hidden";
			inputs[name].id = id;
			inputs[name].value = String(values[name]);
		}
		return inputs;
	}

	function reply(text) {
		document.dispatchEvent(new CustomEvent("recvMsg", { bubbles: true, detail: text }));
	}

	// Return the error that every failure looks like to a page: it learns no reason.
	function failure(mode) {
		const answer = { result: "1", errcode: "EW044-C300" };
		return JSON.stringify(mode === undefined ? answer : { mode, ...answer });
	}

	// Return the request's mode, undefined when it is none that may be echoed.
	function modeOf(text) {
		try {
			const mode = JSON.parse(text).mode;
			return typeof mode === "string" && /^[0-9]{2}$/.test(mode) ? mode : undefined;
		} catch {
			return undefined;
		}
	}

	// Carry one request, whose answer ends it; so does the end of the port, from whichever side.
	function carry(text, mode) {
		const port = api.runtime.connect({ name: "request" });
		const alive = setInterval(() => port.postMessage({ alive: true }), ping);
		const ended = (answer) => {
			if (open !== port)
				return;
			port.stop();
			reply(answer);
		};
		open = port;
		port.mode = mode;
		port.stop = () => {
			open = null;
			// What was clicked while the question was open was no wish for another one.
			gesture = false;
			clearInterval(alive);
			port.disconnect();
		};
		port.onMessage.addListener((message) =>
			ended(typeof message?.answer === "string" ? message.answer : failure(mode)));
		port.onDisconnect.addListener(() => ended(failure(mode)));
		port.postMessage({ request: text, gesture });
		gesture = false;
	}

	// Return whether another extension has come after this one, with inputs of its own.
	function isDoubled() {
		return Object.values(ids).some((id) => document.querySelectorAll(`#${id}`).length > 1);
	}

	function asked(event) {
		const text = event.detail;
		if (isDoubled()) {
			tell(true);
			return;
		}
		if (typeof text !== "string" || text.length > longest) {
			reply(failure(undefined));
			return;
		}
		const mode = modeOf(text);
		if (mode === "05") {
			open?.stop();
			return;
		}
		if (open || !["01", "02", "04"].includes(mode)) {
			reply(failure(mode));
			return;
		}
		try {
			carry(text, mode);
		} catch {
			// The extension was updated or removed while the page was open.
			open?.stop();
			reply(failure(mode));
		}
	}

	function tell(others) {
		api.runtime.sendMessage({ type: "page", others }).catch(() => {});
	}

	// The question goes with the document that asked it, also when the browser keeps the document.
	function leave() {
		cut = open?.mode ?? null;
		open?.stop();
	}

	// The browser shows a document again that it has kept: what it had asked then has failed.
	function comeBack() {
		if (cut)
			reply(failure(cut));
		cut = null;
		tell(false);
	}

	// Before the page finds the inputs it asks nothing.
	async function begin() {
		const known = numbers();
		// Before the page's own scripts can listen. What has been loaded already is in no hurry.
		const loaded = document.readyState === "complete" ? known : heard("load");
		if (document.readyState === "loading")
			await heard("DOMContentLoaded");
		// A document that is prepared in advance is one that nobody sees yet.
		if (document.prerendering)
			await heard("prerenderingchange");
		const inputs = await made(known, loaded);
		if (!(document.body instanceof HTMLElement))
			return;
		if (Object.values(ids).some((id) => document.getElementById(id))) {
			// Another extension serves this page: two answers would be worse than none.
			tell(true);
			return;
		}
		document.addEventListener("launchApp", asked);
		addEventListener("pagehide", leave);
		addEventListener("pageshow", (event) => event.persisted && comeBack());
		document.body.append(...Object.values(inputs));
		tell(false);
		for (const [name, value] of Object.entries(await known))
			inputs[name].value = String(value);
	}

	if (globalThis.jpkiPortal || !servable())
		return;
	globalThis.jpkiPortal = true;
	// Before the page's own scripts, which can keep no click from these.
	for (const type of ["pointerdown", "keydown"])
		addEventListener(type, (event) => { gesture ||= event.isTrusted; }, { capture: true, passive: true });
	begin();
})();
