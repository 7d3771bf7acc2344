/** The seasons of a show, or the episodes of a season. */
import { Link } from '@tanstack/react-router'
import type { Title } from '../api.ts'
import { Poster } from '../ui/poster.tsx'
import { Row } from './row.tsx'
import { titleLine } from './title-line.ts'

type Part = Title['parts'][number]

export function TitleParts({ title }: { title: Title }) {
  if (title.parts.length === 0) return null
  if (title.kind === 'show')
    return (
      <Row name="Seasons" cardWidth="w-32 sm:w-44">
        {title.parts.map((season) => (
          <Season key={season.id} season={season} />
        ))}
      </Row>
    )
  return (
    <section aria-labelledby="episodes">
      <h2 id="episodes" className="mb-4 text-xl font-semibold">
        Episodes
      </h2>
      <ul className="flex max-w-3xl flex-col divide-y divide-line">
        {title.parts.map((episode) => (
          <li key={episode.id}>
            <Episode episode={episode} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Season({ season }: { season: Part }) {
  return (
    <Link
      to="/title/$titleId"
      params={{ titleId: season.id }}
      className="group block rounded-card outline-offset-4 active:scale-[0.985] motion-safe:transition-transform"
    >
      <div className="aspect-2/3 overflow-hidden rounded-card border border-line/70 shadow-card">
        <Poster name={season.name} year={season.year} src={season.poster} hash={season.posterHash} />
      </div>
      <h3 className="mt-2.5 leading-snug font-semibold">{season.name}</h3>
    </Link>
  )
}

function Episode({ episode }: { episode: Part }) {
  return (
    <Link
      to="/title/$titleId"
      params={{ titleId: episode.id }}
      className="flex gap-4 rounded-card py-4 outline-offset-4 hover:bg-ink/5"
    >
      <span className="w-8 shrink-0 text-end text-lg font-semibold text-quiet tabular-nums">
        {episode.episodeNumber}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block leading-snug font-semibold">{episode.name}</span>
        <span className="block text-sm text-quiet">{titleLine(episode, episode.isAvailable ? 'At home' : '')}</span>
        {episode.overview !== '' && <span className="mt-1 line-clamp-2 block text-sm">{episode.overview}</span>}
      </span>
    </Link>
  )
}
