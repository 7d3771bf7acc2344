/** Takes stream tokens out of a line of the development server's own log, which prints whole addresses. */

/** A token is as good as a key while it lasts; the stream's id stands in our own log lines. */
export const redactLine = (line: string): string =>
  line.replace(/(\/api\/stream\/)[^\s/?"']+/g, '$1[token]').replace(/\bv1\.[\w-]+\.[\w-]+/g, '[token]')
