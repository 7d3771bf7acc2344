import { describe, expect, it } from 'vitest'
import { deviceLabel } from './device-label.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const linux = 'Mozilla/5.0 (X11; Linux x86_64)'
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const android = 'Mozilla/5.0 (Linux; Android 15; K)'

describe('browsers, which all say that they are each other', () => {
  it.each([
    [`${windows.replace(')', '; rv:143.0)')} Gecko/20100101 Firefox/143.0`, 'Firefox on Windows'],
    [`${iphone} FxiOS/143.0 Mobile/15E148 Safari/604.1`, 'Firefox on iPhone'],
    ['Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0', 'Firefox on Android'],
    [`${linux} ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on Linux'],
    [`${mac} ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on Mac'],
    [`${android} ${webkit} Chrome/140.0.0.0 Mobile Safari/537.36`, 'Chrome on Android'],
    [`${iphone} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`, 'Chrome on iPhone'],
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
      'Chrome on ChromeOS',
    ],
    [`${linux} ${webkit} HeadlessChrome/140.0.0.0 Safari/537.36`, 'Headless Chrome on Linux'],
    [`${windows} ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, 'Edge on Windows'],
    [`${android} ${webkit} Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0`, 'Edge on Android'],
    [`${windows} ${webkit} Chrome/139.0.0.0 Safari/537.36 OPR/124.0.0.0`, 'Opera on Windows'],
    [`${android} ${webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`, 'Samsung Internet on Android'],
    [`${iphone} Version/18.0 Mobile/15E148 Safari/604.1`, 'Safari on iPhone'],
    [`${mac} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15`, 'Safari on Mac'],
  ])('calls %j %j', (userAgent, label) => {
    expect(deviceLabel(userAgent)).toBe(label)
  })
})

describe('televisions, whatever browser they claim to be', () => {
  it.each([
    ['Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 Safari/537.36', 'Samsung TV'],
    [`Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) ${webkit} 108.0.5359.1/8.0 TV Safari/537.36`, 'Samsung TV'],
    [
      `Mozilla/5.0 (Linux; Tizen 2.3; SmartHub; SMART-TV; SmartTV) ${webkit} SamsungBrowser/1.0 TV Safari/538.1`,
      'Samsung TV',
    ],
    [`Mozilla/5.0 (Web0S; Linux/SmartTV) ${webkit} Chrome/108.0.5359.211 Safari/537.36 WebAppManager`, 'LG TV'],
    [`Mozilla/5.0 (webOS; Linux/SmartTV; TV) ${webkit} Chrome/79.0.3945.79 Safari/537.36`, 'LG TV'],
    [
      `Mozilla/5.0 (Linux; Android 10; BRAVIA 4K GB) ${webkit} Chrome/139.0.0.0 Safari/537.36`,
      'Chrome on an Android TV',
    ],
    [
      `Mozilla/5.0 (Linux; Android 9; AFTMM) ${webkit} Silk/120.1 like Chrome/120.0.0.0 Safari/537.36`,
      'Silk on an Android TV',
    ],
    // A watch, not a television.
    [
      'Mozilla/5.0 (Linux; Tizen 5.5; SAMSUNG SM-R800) AppleWebKit/537.36 SamsungBrowser/2.0 Safari/537.36',
      'Samsung Internet on Linux',
    ],
  ])('calls %j %j', (userAgent, label) => {
    expect(deviceLabel(userAgent)).toBe(label)
  })
})

describe('whoever is nobody we know', () => {
  it.each([
    ['curl/8.0', 'Another device'],
    ['<script>alert(1)</script>', 'Another device'],
    ['', 'Another device'],
    ['SomethingNew/1.0 (Windows NT 10.0)', 'Windows'],
    ['NotChrome/1.0', 'Another device'],
  ])('calls %j %j', (userAgent, label) => {
    expect(deviceLabel(userAgent)).toBe(label)
  })
})
