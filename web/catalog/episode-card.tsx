/** The episode that comes next in a show; a press plays it. */
import { Link } from '@tanstack/react-router'
import type { FrontPage } from '../api.ts'
import { episodeLine } from '../episode-line.ts'
import { Icon } from '../ui/icon.tsx'
import { Poster } from '../ui/poster.tsx'
import { TakeOut } from './take-out.tsx'

export function EpisodeCard({ item: { title, episode } }: { item: FrontPage['nextUp'][number] }) {
  const line = episodeLine(episode, title.name)
  return (
    <div className="group/card relative">
      <Link
        to="/watch/$titleId"
        params={{ titleId: title.id }}
        search={{}}
        aria-label={`Play ${episode.showName}, ${line}`}
        className="group block rounded-card outline-offset-4"
      >
        <div className="night relative aspect-video overflow-hidden rounded-card border border-line/70 shadow-card">
          <Poster name={episode.showName} year={title.year} src={title.poster} hash={title.posterHash} />
          <div className="absolute inset-0 bg-black/25" />
          <span className="absolute inset-0 m-auto grid size-14 place-items-center rounded-full bg-black/55 text-lamp backdrop-blur-sm transition group-hover:bg-lamp group-hover:text-on-lamp">
            <Icon name="play" className="size-7" />
          </span>
        </div>
        <p className="mt-2.5 line-clamp-2 leading-snug font-semibold">{episode.showName}</p>
        <p className="truncate text-sm text-quiet">{line}</p>
      </Link>
      <TakeOut titleId={episode.showId} name={episode.showName} />
    </div>
  )
}
