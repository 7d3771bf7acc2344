/** Which episode a card is, in one line. */

/** `S2 E5 · The lamp`; a name that only counts (`Episode 5`) is left out. */
export function episodeLine(place: { seasonNumber: number; episodeNumber: number }, name: string): string {
  const short = `S${place.seasonNumber} E${place.episodeNumber}`
  return name === '' || /^episode \d+$/i.test(name) ? short : `${short} · ${name}`
}
