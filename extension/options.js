// SPDX-License-Identifier: LGPL-2.1-or-later
//
// options.js: fills the extension's page with what is there, and carries the person's choices to the
// background. Nothing here can ask for a PIN.

const api = globalThis.browser ?? globalThis.chrome;
// What page.js uses if nobody has set others.
const usual = { extensionNumber: 24, applicationNumber: 29 };
const words = (name, ...values) => api.i18n.getMessage(name, values.map(String));
const place = (id) => document.getElementById(id);

function item(text, ...more) {
	const line = document.createElement("li");
	line.append(text, ...more);
	return line;
}

function removeButton(host) {
	const button = document.createElement("button");
	button.type = "button";
	button.textContent = words("remove");
	button.setAttribute("aria-label", words("removeSite", host));
	button.addEventListener("click", () => change({ type: "remove", host }));
	return button;
}

function windowsSwitch(host, on) {
	const label = document.createElement("label");
	const box = document.createElement("input");
	box.type = "checkbox";
	box.checked = on;
	box.dataset.host = host;
	box.addEventListener("change", () => change({ type: "windows", host, on: box.checked }));
	label.append(box, " ", words("windowsSwitch", host));
	return label;
}

function show(state) {
	if (!state)
		return;
	place("shipped").replaceChildren(...state.shipped.map((host) => item(host)));
	place("added").replaceChildren(...state.added.map((host) => item(host, removeButton(host))));
	const names = state.shipped.filter((host) => !host.startsWith("*.")).concat("www.myna.go.jp", state.added);
	const hosts = [...new Set(names.concat(state.pressed ?? [], state.windows))];
	place("windows").replaceChildren(
		...hosts.map((host) => item(windowsSwitch(host, state.windows.includes(host)))));
	place("reason").hidden = !state.reason;
	place("reason").textContent = state.reason ? words("reasonText", state.reason.host, state.reason.text) : "";
	place("others").hidden = state.others.length === 0;
	place("others").textContent = words("othersText", state.others.join(", "));
	for (const name of Object.keys(usual))
		place(name).textContent = String(state.numbers[name] ?? usual[name]);
}

async function change(message) {
	show(await api.runtime.sendMessage(message));
}

function readerLine(reader) {
	const card = typeof reader.card === "string" ? reader.card : words("noCard");
	const pins = Array.isArray(reader.pins) ? reader.pins : [];
	const names = { auth: words("pinAuth"), sign: words("pinSign"), text: words("pinRead") };
	const tries = document.createElement("ul");
	tries.append(...pins.map((pin) => item(words("tries", names[pin.name] ?? pin.name, pin.tries))));
	return item(`${reader.name}: ${card}`, tries);
}

async function askHost() {
	place("host").textContent = words("hostAsking");
	place("readers").replaceChildren();
	const about = await api.runtime.sendMessage({ type: "about" });
	if (!about) {
		place("host").textContent = words("hostMissing");
		return;
	}
	const readers = Array.isArray(about.readers) ? about.readers : [];
	const lines = [words("hostThere", about.host ?? "?")];
	if (about.dialogue === false)
		lines.push(words("noDialogue"));
	if (readers.length === 0)
		lines.push(words("noReader"));
	place("host").textContent = lines.join(" ");
	place("readers").replaceChildren(...readers.map(readerLine));
}

document.documentElement.lang = api.i18n.getUILanguage();
document.title = words("name");
for (const element of document.querySelectorAll("[data-i18n]"))
	element.textContent = words(element.dataset.i18n);
place("again").addEventListener("click", askHost);
change({ type: "state" });
askHost();
