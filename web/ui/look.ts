/** The light the app is seen in: night unless a person chose paper, or to follow the device. */

export const looks = ['night', 'paper', 'device'] as const
export type Look = (typeof looks)[number]

const KEY = 'porchlight.look'

export function readLook(storage: Pick<Storage, 'getItem'>): Look {
  const kept = storage.getItem(KEY)
  return looks.find((look) => look === kept) ?? 'night'
}

/** theme.css reads the attribute; the browser's own bars follow the ground's colour. */
export function showLook(look: Look): void {
  document.documentElement.dataset.look = look
  const { backgroundColor } = getComputedStyle(document.documentElement)
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', backgroundColor)
}

export function chooseLook(look: Look): void {
  localStorage.setItem(KEY, look)
  showLook(look)
}
