/** Intro, recap, credits and preview, where a film's chapters name them. Pure. */
import type { Chapter, Marker } from '#protocol/tracks.ts'

/** The first that fits counts: "opening credits" is an intro. English, German, French, Spanish, Italian, Portuguese, Japanese. */
const kinds: readonly [Marker['kind'], RegExp][] = [
  [
    'recap',
    /\b(recap|previously( on)?|r[ée]sum[ée]|was bisher geschah|r[ée]cap|anteriormente|riassunto)\b|これまで|前回/iu,
  ],
  [
    'preview',
    /\b(preview|next (time|episode)|vorschau|n[äa]chstes? mal|aper[çc]u|prochain ([ée]pisode)|avance|pr[oó]ximo|anteprima)\b|予告|次回/iu,
  ],
  [
    'intro',
    /\b(intro(duction)?|opening( (credits|theme|titles?))?|op\d?|title sequence|main titles?|theme song|vorspann|g[ée]n[ée]rique (de )?d[ée]but|cabecera|sigla( iniziale)?|abertura)\b|オープニング/iu,
  ],
  [
    'credits',
    /\b(credits?|end(ing)? (credits|theme|titles?)|ending|ed\d?|outro|closing( credits)?|abspann|g[ée]n[ée]rique( de fin)?|cr[ée]ditos|titoli di coda|encerramento)\b|エンディング/iu,
  ],
]

/** A chapter that is longer than this is no intro, whatever it is called, in seconds. */
const LONGEST_SKIPPED = 600
const SHORTEST_SECONDS = 2

/** `durationSeconds` ends the last chapter when it does not say itself. */
export function markersOf(chapters: readonly Chapter[], durationSeconds: number | undefined): Marker[] {
  return chapters
    .flatMap((chapter, n) => {
      const kind = kinds.find(([, pattern]) => pattern.test(chapter.name ?? ''))?.[0]
      const endSeconds = chapters[n + 1]?.startSeconds ?? chapter.endSeconds ?? durationSeconds
      if (!kind || endSeconds === undefined) return []
      const length = endSeconds - chapter.startSeconds
      const isCredible = length >= SHORTEST_SECONDS && (kind === 'credits' ? length <= 1800 : length <= LONGEST_SKIPPED)
      return isCredible ? [{ kind, startSeconds: chapter.startSeconds, endSeconds }] : []
    })
    .slice(0, 50)
}
