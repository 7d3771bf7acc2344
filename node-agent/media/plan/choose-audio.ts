/** Which audio track is heard first. Pure. */
import type { PlayWish } from '#protocol/play-plan.ts'
import type { AudioTrack } from '#protocol/tracks.ts'

/** The one chosen by id, else the first language liked that there is, else what the file calls default, else its first. */
export function chooseAudio(tracks: readonly AudioTrack[], wish: PlayWish | undefined): AudioTrack | undefined {
  const chosen = tracks.find(({ id }) => id === wish?.audioTrackId)
  if (chosen) return chosen
  for (const liked of wish?.audioLanguages ?? []) {
    const inLanguage = tracks.filter(({ language }) => language !== undefined && isSameLanguage(language, liked))
    const found = inLanguage.find(({ name }) => !isCommentary(name)) ?? inLanguage[0]
    if (found) return found
  }
  return tracks.find(({ isDefault }) => isDefault) ?? tracks[0]
}

const isCommentary = (name: string | undefined) => /commentar|kommentar|comentario|audio ?descri/i.test(name ?? '')
const isSameLanguage = (a: string, b: string) => a.split('-')[0]?.toLowerCase() === b.split('-')[0]?.toLowerCase()
