/** Whether hls.js knows when a film's picture begins, by which it places the sound. */

export type PictureBegun = { readonly hasBegun: boolean; readonly begun: Promise<void>; tell: () => void }

export function pictureBegun(): PictureBegun {
  const { promise, resolve } = Promise.withResolvers<void>()
  let hasBegun = false
  return {
    get hasBegun() {
      return hasBegun
    },
    begun: promise,
    tell() {
      hasBegun = true
      resolve()
    },
  }
}
