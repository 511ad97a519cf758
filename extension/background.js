// SPDX-License-Identifier: LGPL-2.1-or-later
//
// background.js: decides which page's request reaches the native host, and keeps what the person has chosen.
//
// It believes what the browser says of a page (its origin, tab and frame), never what the page says of
// itself. The same file is Firefox's event page and Chromium's service worker. What it says to the host is
// in docs/portal-protocol.md.

const api = globalThis.browser ?? globalThis.chrome;
const hostName = "jpki_pkcs11.portal";
const longestRequest = 65536;
const longestAnswer = 1048576;
const aboutLimit = 15000;
// A host that was told to end first lets the card finish what it does with a PIN: it is waited for longer
// than a hundred signatures take.
const endLimit = 300000;
const theEnd = { version: 1, request: "{\"mode\":\"05\"}" };
const plainHost = /^[a-z0-9.-]{1,253}$/;

// True from the moment at which a request is looked at until its answer: one question at a time.
let busy = false;

// --- sites ----------------------------------------------------------------------------------------

// Return the hosts that the manifest lists, some as *.NAME, which is NAME and what is below it.
function shippedSites() {
	return api.runtime.getManifest().content_scripts[0].matches.map((one) => new URL(one.replace("*.", "x--"))
		.hostname.replace("x--", "*."));
}

function isShipped(host) {
	return shippedSites().some((one) => one.startsWith("*.")
		? host === one.slice(2) || host.endsWith(one.slice(1)) : host === one);
}

// Return the hosts that the person has added: what the browser holds as permitted is the only list.
async function addedSites() {
	const { origins } = await api.permissions.getAll();
	return origins.map((one) => /^https:\/\/([^/*]+)\/\*$/.exec(one)?.[1])
		.filter((host) => host && plainHost.test(host) && !isShipped(host)).sort();
}

// Return the host of an origin that is https at the usual port, or null.
function hostOf(origin) {
	const host = /^https:\/\/([^/:]+)$/.exec(origin ?? "")?.[1];
	return host && plainHost.test(host) ? host : null;
}

async function isListed(host) {
	return isShipped(host) || (await addedSites()).includes(host);
}

const pattern = (host) => `https://${host}/*`;

let registering = Promise.resolve();

// Make the scripts that are registered those of the added sites and of the switch: one call at a time,
// because each acts on what it has found there.
function registerScripts() {
	registering = registering.catch(() => {}).then(registerNow);
	return registering;
}

async function registerNow() {
	const { windows = [] } = await api.storage.local.get("windows");
	const added = await addedSites();
	const told = await keepListed(windows);
	const wanted = added.map((host) => ({
		id: `page-${host}`, matches: [pattern(host)], js: ["page.js"], runAt: "document_start",
		allFrames: false, persistAcrossSessions: true,
	})).concat(told.map((host) => ({
		id: `windows-${host}`, matches: [pattern(host)], js: ["windows.js"], runAt: "document_start",
		// Frames without an address are the page's own.
		allFrames: true, matchOriginAsFallback: true, world: "MAIN", persistAcrossSessions: true,
	})));
	const there = (await api.scripting.getRegisteredContentScripts()).map((one) => one.id);
	const ids = wanted.map((one) => one.id);
	const gone = there.filter((id) => !ids.includes(id));
	const fresh = wanted.filter((one) => !there.includes(one.id));
	if (gone.length)
		await api.scripting.unregisterContentScripts({ ids: gone });
	if (fresh.length)
		await api.scripting.registerContentScripts(fresh);
	await changeHeaders(told);
}

async function keepListed(hosts) {
	const listed = await Promise.all(hosts.map(isListed));
	return hosts.filter((host, index) => listed[index]);
}

// --- the switch: a site is told "Windows" ---------------------------------------------------------

// Return the user agent with Windows in the place of this system, as windows.js makes it for the page.
function windowsAgent() {
	return navigator.userAgent.replace(/\([^)]*?(; rv:[0-9.]+)?\)/, "(Windows NT 10.0; Win64; x64$1)");
}

// The client hints that tell systems apart, as windows.js answers them. They are sent whether the site has asked
// for them or not, which only the browser knows. The rest of them (model, form factors, versions of the
// browser) are the same on both systems.
const windowsHints = {
	"Sec-CH-UA-Platform": "\"Windows\"",
	"Sec-CH-UA-Platform-Version": "\"15.0.0\"",
	"Sec-CH-UA-Arch": "\"x86\"",
	"Sec-CH-UA-Bitness": "\"64\"",
	"Sec-CH-UA-WoW64": "?0",
};

function headersFor(host, id) {
	// Firefox knows no client hints, and must not be told apart by having some.
	const headers = { "User-Agent": windowsAgent(), ...navigator.userAgentData ? windowsHints : {} };
	return {
		id, priority: 1, action: {
			type: "modifyHeaders",
			requestHeaders: Object.entries(headers).map(([header, value]) =>
				({ header, operation: "set", value })),
		},
		// Every kind but one that the pattern can't match: without a list the page itself would be left out.
		condition: { urlFilter: `|https://${host}^`, excludedResourceTypes: ["websocket"] },
	};
}

async function changeHeaders(hosts) {
	const rules = await api.declarativeNetRequest.getDynamicRules();
	await api.declarativeNetRequest.updateDynamicRules({
		removeRuleIds: rules.map((one) => one.id),
		addRules: hosts.map((host, index) => headersFor(host, index + 1)),
	});
}

async function setWindows(host, on) {
	const { windows = [] } = await api.storage.local.get("windows");
	const others = windows.filter((one) => one !== host);
	await api.storage.local.set({ windows: on && await isListed(host) ? [...others, host].sort() : others });
	await registerScripts();
}

async function showOnIcon(tabId, host) {
	const { windows = [] } = await api.storage.local.get("windows");
	const { reason = null } = await api.storage.session.get("reason");
	const on = windows.includes(host);
	const failed = reason?.host === host;
	await api.action.setBadgeText({ tabId, text: failed ? "!" : on ? "Win" : "" });
	await api.action.setTitle({ tabId, title: failed
		? api.i18n.getMessage("titleReason", [reason.text])
		: api.i18n.getMessage(on ? "titleWindows" : "name") });
}

// --- the two numbers ------------------------------------------------------------------------------

// The rule is that of page.js.
const isNumber = (value) => Number.isInteger(value) && value > 0 && value <= 9999;

// Return what an administrator has set of them.
async function numbersSet() {
	let managed = {};
	try {
		managed = await api.storage.managed.get(null);
	} catch {
		// Firefox: nothing is managed.
	}
	return Object.fromEntries(Object.entries(managed).filter(([, value]) => isNumber(value)));
}

// --- requests -------------------------------------------------------------------------------------

// Return the host that asks, or null when the browser says of it anything but what a request may have.
async function askingHost(sender) {
	const host = hostOf(sender.origin);
	if (sender.id !== api.runtime.id || sender.frameId !== 0 || !sender.tab || !host)
		return null;
	if (sender.documentLifecycle !== undefined && sender.documentLifecycle !== "active")
		return null;
	return await isListed(host) ? host : null;
}

// Return whether the tab is the one in front of its window, and that window is not put away; and whether the
// window has the focus.
async function placeOf(tabId) {
	const tab = await api.tabs.get(tabId);
	const window = await api.windows.get(tab.windowId);
	return { inFront: tab.active && window.state !== "minimized", focused: window.focused };
}

// Return whether the person looks at this tab.
async function isLookedAt(tabId) {
	const { inFront, focused } = await placeOf(tabId);
	return inFront && focused;
}

// Abort when the person turns to another tab of the window, or puts the window away: what is asked then would
// be taken for a question of what is seen. The focus says nothing here: the window that asks has it. Return
// what ends the watching.
function watch(tabId, away) {
	const look = () => placeOf(tabId).then(({ inFront }) => inFront || away.abort(), () => away.abort());
	const events = [api.tabs.onActivated, api.windows.onFocusChanged];
	for (const event of events)
		event.addListener(look);
	return () => events.forEach((event) => event.removeListener(look));
}

// Return whether the site may ask again: after a refusal only by a new click or key. A page that loads
// itself again has none.
async function mayAsk(key, gesture) {
	const { refused = [] } = await api.storage.session.get("refused");
	return gesture === true || !refused.includes(key);
}

async function noteRefusal(key, isRefused) {
	const { refused = [] } = await api.storage.session.get("refused");
	const others = refused.filter((one) => one !== key);
	await api.storage.session.set({ refused: isRefused ? [...others, key].slice(-100) : others });
}

// Keep why a request was not served, for the person: the page never learns it. The icon says that there
// is something to read. Without a reason, forget this site's.
async function keepReason(tabId, host, reason) {
	const said = typeof reason === "string" && reason !== "" ? { host, text: reason.slice(0, 1000) } : null;
	if (said || await hasReason(host))
		await api.storage.session.set({ reason: said });
	await showOnIcon(tabId, host);
}

async function hasReason(host) {
	const { reason = null } = await api.storage.session.get("reason");
	return reason?.host === host;
}

// Return whether an answer gives the page what it has asked for.
function isGiven(answer) {
	try {
		return JSON.parse(answer).result === "0";
	} catch {
		return false;
	}
}

// The ports of the hosts that have not ended yet. As long as one is open, both browsers keep this file awake.
const hosts = new Set();

// Tell a host to end: it withdraws the question that is open, but first finishes what the card does with a PIN. At the
// end of its port the browsers kill it within seconds, so that is only for a host that does not end by itself.
function endHost(native) {
	const timer = setTimeout(() => native.disconnect(), endLimit);
	native.onDisconnect.addListener(() => clearTimeout(timer));
	native.postMessage(theEnd);
}

// Ask the host, and return its answer or null. When the question is withdrawn that is at once.
function askHost(message, { limit, withdrawn }) {
	return new Promise((resolve) => {
		const native = api.runtime.connectNative(hostName);
		let serving = true;
		const end = (answer) => {
			resolve(answer);
			if (serving) {
				serving = false;
				endHost(native);
			}
		};
		hosts.add(native);
		if (limit)
			setTimeout(() => end(null), limit);
		withdrawn?.addEventListener("abort", () => end(null));
		native.onMessage.addListener((answer) => end(answer?.version === 1 ? answer : null));
		native.onDisconnect.addListener(() => {
			// Chromium complains of errors that nobody has looked at.
			void api.runtime.lastError;
			hosts.delete(native);
			serving = false;
			resolve(null);
		});
		native.postMessage(message);
	});
}

// Return the host's answer for the page, null if there is none, and note whether the site may ask again by
// itself.
async function settle(key, reply) {
	const text = reply?.answer;
	const answer = typeof text === "string" && text.length <= longestAnswer ? text : null;
	// A page that goes away or takes its question back may not bring it up again by itself either. But where
	// another browser's question was open, nobody was asked.
	if (reply?.busy !== true)
		await noteRefusal(key, !isGiven(answer));
	return answer;
}

async function serve(port, message, gone) {
	const host = await askingHost(port.sender);
	const tabId = port.sender.tab?.id;
	const key = `${tabId} ${host}`;
	const text = message?.request;
	if (!host || typeof text !== "string" || text.length > longestRequest)
		return null;
	if (!await mayAsk(key, message.gesture)) {
		// Why the one before was refused says more.
		if (!await hasReason(host))
			await keepReason(tabId, host, api.i18n.getMessage("clickFirst"));
		return null;
	}
	const away = new AbortController();
	const ended = watch(tabId, away);
	try {
		const withdrawn = AbortSignal.any([gone, away.signal]);
		// The last thing that is looked at before the host is told.
		if (!await isLookedAt(tabId) || withdrawn.aborted) {
			if (!gone.aborted)
				await keepReason(tabId, host, api.i18n.getMessage("notInFront"));
			return null;
		}
		// The host asks the person once more about a site that it doesn't list itself.
		const added = isShipped(host) ? {} : { added: true };
		const reply = await askHost({ version: 1, origin: port.sender.origin, ...added, request: text },
			{ withdrawn });
		const missing = api.i18n.getMessage(away.signal.aborted ? "tabLeft" : "hostMissing");
		if (!gone.aborted)
			await keepReason(tabId, host, reply ? reply.reason : missing);
		return await settle(key, reply);
	} finally {
		ended();
	}
}

// Serve a request if no other is served. Return the page's answer or null.
async function serveAlone(port, message, gone) {
	if (busy) {
		const host = await askingHost(port.sender);
		if (host)
			await keepReason(port.sender.tab.id, host, api.i18n.getMessage("busy"));
		return null;
	}
	busy = true;
	try {
		return await serve(port, message, gone);
	} finally {
		busy = false;
	}
}

// One port carries one request. An end without an answer is an error for the page.
async function take(port, message, gone) {
	const answer = await serveAlone(port, message, gone).catch(() => null);
	if (!gone.aborted)
		port.postMessage({ answer });
}

api.runtime.onConnect.addListener((port) => {
	const gone = new AbortController();
	let taken = false;
	port.onDisconnect.addListener(() => gone.abort());
	port.onMessage.addListener((message) => {
		// Others only keep this file awake while the person reads the question.
		if (!taken && message?.request !== undefined) {
			taken = true;
			take(port, message, gone.signal);
		}
	});
});

// --- the page of the extension, and the button ----------------------------------------------------

async function about() {
	try {
		const answer = await askHost({ version: 1, about: true }, { limit: aboutLimit });
		return answer?.about ?? null;
	} catch {
		return null;
	}
}

async function state() {
	const { windows = [], others = [] } = await api.storage.local.get(["windows", "others"]);
	const { reason = null, pressed = null } = await api.storage.session.get(["reason", "pressed"]);
	return {
		shipped: shippedSites(), added: await addedSites(), windows, numbers: await numbersSet(), others,
		reason, pressed,
	};
}

async function removeSite(host) {
	await setWindows(host, false);
	await api.permissions.remove({ origins: [pattern(host)] });
	await registerScripts();
}

async function obey(message) {
	if (message.type === "about")
		return about();
	if (typeof message.host === "string" && plainHost.test(message.host)) {
		if (message.type === "remove" && !isShipped(message.host))
			await removeSite(message.host);
		else if (message.type === "windows")
			await setWindows(message.host, message.on === true);
	}
	return state();
}

// A page's script has said that it is there, or that it has made way for another extension.
async function notePage(sender, message) {
	const host = await askingHost(sender);
	if (!host)
		return;
	await showOnIcon(sender.tab.id, host);
	const { others = [] } = await api.storage.local.get("others");
	const rest = others.filter((one) => one !== host);
	if (message.others === true)
		rest.push(host);
	if (rest.length !== others.length)
		await api.storage.local.set({ others: rest });
}

api.runtime.onMessage.addListener((message, sender, respond) => {
	if (sender.id !== api.runtime.id)
		return false;
	if (message?.type === "page") {
		notePage(sender, message).catch(() => {});
		return false;
	}
	if (!sender.url?.startsWith(api.runtime.getURL("options.html")))
		return false;
	obey(message).then(respond, () => respond(null));
	return true;
});

// The button: for a site that is not listed, the browser asks whether it may be; else our page opens.
// The browser wants its question asked at once, so nothing is awaited before.
api.action.onClicked.addListener((tab) => {
	const url = URL.canParse(tab.url ?? "") ? new URL(tab.url) : null;
	const host = hostOf(url?.origin);
	if (!host || isShipped(host)) {
		// Of *.NAME the person may mean this host.
		api.storage.session.set({ pressed: host }).then(() => api.runtime.openOptionsPage());
		return;
	}
	const asked = api.permissions.request({ origins: [pattern(host)] });
	addSite(asked, tab.id).catch(() => {});
});

// The page that is open gets the script at once, all others when they load. A site that was listed
// already needed no question, and its page has the script: then our page opens.
async function addSite(asked, tabId) {
	if (!await asked)
		return;
	await registerScripts();
	const [{ result }] = await api.scripting.executeScript({
		target: { tabId }, func: () => globalThis.jpkiPortal === true });
	if (result)
		await api.runtime.openOptionsPage();
	else
		await api.scripting.executeScript({ target: { tabId }, files: ["page.js"] });
}

const prepare = () => registerScripts().catch((error) => console.error(error));
api.runtime.onInstalled.addListener(prepare);
api.runtime.onStartup.addListener(prepare);

// What the browser holds as permitted has changed. A site that was taken away is not told "Windows" when
// it is added again.
async function followPermissions() {
	const { windows = [] } = await api.storage.local.get("windows");
	const told = await keepListed(windows);
	if (told.length !== windows.length)
		await api.storage.local.set({ windows: told });
	await registerScripts();
}

for (const event of [api.permissions.onAdded, api.permissions.onRemoved])
	event.addListener(() => followPermissions().catch(() => {}));
