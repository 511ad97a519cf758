// SPDX-License-Identifier: LGPL-2.1-or-later
//
// windows.js: makes the navigator of a page say what the headers of its site say (see background.js).
//
// It is given to those sites only for which the person has asked for it, and runs in the page's own
// world, where the page can see it and undo it.

(() => {
	const tell = (prototype, name, value) => {
		if (prototype && name in prototype)
			Object.defineProperty(prototype, name, { get: () => value, configurable: true, enumerable: true });
	};
	const agent = navigator.userAgent.replace(/\([^)]*?(; rv:[0-9.]+)?\)/, "(Windows NT 10.0; Win64; x64$1)");
	tell(Navigator.prototype, "userAgent", agent);
	tell(Navigator.prototype, "appVersion",
		/Firefox/.test(agent) ? "5.0 (Windows)" : agent.replace(/^Mozilla\//, ""));
	tell(Navigator.prototype, "platform", "Win32");
	tell(Navigator.prototype, "oscpu", "Windows NT 10.0; Win64; x64");

	const data = globalThis.NavigatorUAData?.prototype;
	if (!data)
		return;
	const { getHighEntropyValues, toJSON } = data;
	const as = { platform: "Windows", platformVersion: "15.0.0", architecture: "x86", bitness: "64", wow64: false };
	tell(data, "platform", as.platform);
	data.toJSON = function () {
		return { ...toJSON.call(this), platform: as.platform };
	};
	data.getHighEntropyValues = async function (hints) {
		const values = await getHighEntropyValues.call(this, hints);
		for (const name of Object.keys(as))
			if (name in values)
				values[name] = as[name];
		return values;
	};
})();
