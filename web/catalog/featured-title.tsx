/** The film at the top of the front room: its picture large, its name, and Play. */
import { Link } from '@tanstack/react-router'
import type { TitleCard } from '../api.ts'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Poster } from '../ui/poster.tsx'
import { titleLine } from './title-line.ts'

export function FeaturedTitle({ title }: { title: TitleCard }) {
  return (
    <section
      aria-label="Tonight’s film"
      className="night relative aspect-4/5 max-h-[34rem] w-full overflow-hidden rounded-[20px] border border-line/70 shadow-card sm:aspect-21/9"
    >
      <Poster
        name={title.name}
        year={title.year}
        src={title.poster}
        hash={title.posterHash}
        isFirst
        className="absolute inset-0"
      />
      <div className="absolute inset-0 bg-linear-to-t from-black/95 from-10% via-black/60 via-50% to-transparent sm:bg-linear-to-r sm:from-black/90 sm:via-black/40" />
      <div className="absolute inset-x-0 bottom-0 flex flex-col items-start gap-3 p-5 sm:max-w-xl sm:p-9">
        <p className="text-sm font-semibold tracking-wide text-lamp">Tonight’s film</p>
        <h2 className="font-serif text-4xl leading-[1.05] font-bold sm:text-5xl">
          <Link to="/title/$titleId" params={{ titleId: title.id }} className="underline-offset-8 hover:underline">
            {title.name}
          </Link>
        </h2>
        <p className="text-quiet">{titleLine(title)}</p>
        <div className="mt-1 flex w-full gap-3 sm:w-auto">
          <Link
            to="/watch/$titleId"
            params={{ titleId: title.id }}
            search={{}}
            aria-label={`Watch now: ${title.name}`}
            className={buttonClass('primary', 'flex-1 sm:flex-none sm:px-8')}
          >
            <Icon name="play" className="size-5" />
            Watch now
          </Link>
        </div>
      </div>
    </section>
  )
}
