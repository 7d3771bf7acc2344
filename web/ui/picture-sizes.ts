/** Pure: the sizes in which a picture can be had, so that a phone does not fetch a television's. */

/** TMDB's widths for posters (its `/configuration`); they never change under their name. */
const widths = [185, 342, 500, 780]

/** For `srcset`; undefined for a picture that comes in one size alone. */
export function pictureSizes(src: string): string | undefined {
  const [, base, file] = /^(https:\/\/image\.tmdb\.org\/t\/p\/)w\d+(\/[\w.-]+)$/.exec(src) ?? []
  if (base === undefined || file === undefined) return undefined
  return widths.map((width) => `${base}w${width}${file} ${width}w`).join(', ')
}
