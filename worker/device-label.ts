/** What a browser calls itself, in words a person knows their device by. */

const browsers: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bSilk\//, 'Silk'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  // Before Safari, whose name it carries too; `HeadlessChrome` is one word.
  [/\bHeadlessChrome\//, 'Headless Chrome'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

/** Their browser has no name that people know, and says `Chrome` and `Safari` only to be given the same pages. */
const televisions: [RegExp, string][] = [
  [/\bTizen\b.*\bTV\b|\bTV\b.*\bTizen\b/i, 'Samsung TV'],
  [/\bWeb0S\b|\bwebOS\b.*\bTV\b/i, 'LG TV'],
]

const systems: [RegExp, string][] = [
  [/\bAndroid TV\b|\bGoogleTV\b|\bBRAVIA\b|\bAFT[A-Z]/, 'an Android TV'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** Pure: `Firefox on Windows`, `LG TV`. Names of ours only, so that nothing a stranger writes is shown to anybody. */
export function deviceLabel(userAgent: string): string {
  const find = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(userAgent))?.[1]
  const [television, browser, system] = [find(televisions), find(browsers), find(systems)]
  if (television) return television
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system ?? 'Another device'
}
