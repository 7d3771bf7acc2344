/** A title's own page: what is known at once, looked up first where only its card is known and TMDB answers in time. */
import * as z from 'zod'
import type { Viewer } from '../../auth/viewer.ts'
import type { Edge } from '../../edge.ts'
import type { WholeTitle } from '../answers.ts'
import { freshen } from '../tmdb/refresh-title.ts'
import { regionOf } from '../tmdb/tmdb-settings.ts'
import { type ReadTitle, readingOrder, readWholeTitle } from './read-whole-title.ts'

const Certifications = z.record(z.string(), z.string())
const Videos = z.array(
  z.object({
    site: z.string(),
    key: z.string(),
    kind: z.string(),
    name: z.string(),
    language: z.string().nullable(),
  }),
)

/** Undefined when there is no such title, or none for this viewer. Never throws for TMDB's sake. */
export async function openTitlePage(edge: Edge, viewer: Viewer, id: string): Promise<WholeTitle | undefined> {
  const read = await readWholeTitle(edge, viewer, id)
  if (!read) return undefined
  const { title } = read
  const { looked, state } = await freshen(edge, {
    id,
    kind: title.kind,
    detailsAt: title.detailsAt,
    tmdbId: number(title.tmdbId),
    showId: title.showId,
    showTmdbId: number(title.showTmdbId),
    seasonNumber: title.seasonNumber,
    minimumAgeYears: title.minimumAgeYears,
  })
  // The look may have told an age that this viewer is too young for.
  const newest = looked ? await readWholeTitle(edge, viewer, id) : read
  return newest && pageOf(edge, viewer, newest, state)
}

const number = (text: string | null): number | null => (text === null ? null : Number(text))

function pageOf(edge: Edge, viewer: Viewer, read: ReadTitle, upstream: WholeTitle['upstream']): WholeTitle {
  const { tmdbId: _t, showTmdbId: _s, detailsAt: _d, showId, showName, certifications, videos, ...title } = read.title
  const order = readingOrder(viewer)
  const inOrder = <One extends { language: string }>(list: readonly One[], more: string[] = []): One[] =>
    [...order, ...more].flatMap((language) => list.filter((one) => one.language === language))
  const words = inOrder(read.words)
  const logo = inOrder(
    read.pictures.filter(({ kind }) => kind === 'logo'),
    ['en', ''],
  )[0]
  const poster = inOrder(read.pictures.filter(({ kind }) => kind === 'poster'))[0]
  const said = certifications === null ? {} : Certifications.parse(JSON.parse(certifications))
  return {
    ...title,
    name: words.find(({ name }) => name)?.name ?? title.name,
    overview: words.find(({ overview }) => overview)?.overview ?? title.overview,
    tagline: words.find(({ tagline }) => tagline)?.tagline ?? title.tagline,
    poster: poster?.path ?? title.poster,
    logo: logo?.path ?? null,
    certification: said[regionOf(edge.env)] ?? null,
    sources: read.sources,
    genres: read.genres,
    credits: read.credits,
    videos: videos === null ? [] : Videos.parse(JSON.parse(videos)),
    recommendations: read.recommendations,
    parts: read.parts,
    show: showId === null || showName === null ? null : { id: showId, name: showName },
    upstream,
  }
}
