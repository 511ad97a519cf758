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
	const longest = 65536;
	const ping = 10000;

	let open = null;
	let gesture = false;

	// Return whether the document may use the card: the only one of its tab, https at the usual port.
	function servable() {
		return window === window.top && location.protocol === "https:" && location.port === "" &&
			document.body instanceof HTMLElement;
	}

	function presentInput(name) {
		const input = document.createElement("input");
		input.type = "hidden";
		input.id = ids[name];
		input.value = String(usual[name]);
		document.body.append(input);
		return input;
	}

	// The page may compare at once, so the inputs are there first, and are corrected when it is known how.
	async function present() {
		const inputs = {};
		for (const name of Object.keys(ids))
			inputs[name] = presentInput(name);
		// Firefox: an error if nothing is managed.
		const managed = await api.storage.managed.get(null);
		for (const name of Object.keys(ids))
			if (Number.isInteger(managed[name]) && managed[name] > 0 && managed[name] <= 9999)
				inputs[name].value = String(managed[name]);
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
			open = null;
			reply(failure(mode));
		}
	}

	function tell(others) {
		api.runtime.sendMessage({ type: "page", others }).catch(() => {});
	}

	function begin() {
		if (Object.values(ids).some((id) => document.getElementById(id))) {
			// Another extension serves this page: two answers would be worse than none.
			tell(true);
			return;
		}
		present().catch(() => {});
		for (const type of ["pointerdown", "keydown"])
			addEventListener(type, (event) => { gesture ||= event.isTrusted; },
				{ capture: true, passive: true });
		// The question goes with the document that asked it, also when the browser keeps the document.
		addEventListener("pagehide", () => open?.stop());
		document.addEventListener("launchApp", asked);
		tell(false);
	}

	if (globalThis.jpkiPortal || !servable())
		return;
	globalThis.jpkiPortal = true;
	// A document that is prepared in advance is one that nobody sees yet.
	if (document.prerendering)
		document.addEventListener("prerenderingchange", begin, { once: true });
	else
		begin();
})();
