/** Which title a film in a box's folder is: one of those it may be, one that is searched for, or one of its own. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsFor, wordsHere } from '../../error-words.ts'
import { searchQuery } from '../../queries.ts'
import { type OwnFilm, type OwnFilmSaid, ownFilmsKey, sayOwnFilm } from '../../sources-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-view.tsx'
import { LoadingRows, Row, RowList } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { plural } from '../../ui/time-format.ts'
import { likelyName, placeWords, titleWords } from './own-film-words.ts'

const MOST_SHOWN = 8
const here = {
  not_found: {
    title: 'That is not there any more.',
    text: 'The film, the title or the episode is gone. Search again.',
  },
}

type Title = OwnFilm['titles'][number]

export function OwnFilmDialog({ agentId, film, onClose }: { agentId: string; film: OwnFilm; onClose: () => void }) {
  const queryClient = useQueryClient()
  /** A show whose episode the file's name does not say. */
  const [show, setShow] = useState<Title>()
  const say = useMutation({
    mutationFn: (said: OwnFilmSaid) => sayOwnFilm(agentId, film.id, said),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: ownFilmsKey(agentId) })
      onClose()
    },
  })
  const choose = (title: Title) =>
    title.kind === 'show' && !film.episode ? setShow(title) : say.mutate({ titleId: title.id })
  return (
    <Dialog title="What is this film?" onClose={onClose}>
      <div className="flex flex-col gap-5">
        <p className="text-quiet">
          <span className="break-all text-ink">{placeWords(film).file}</span>
          {film.fileCount > 1 && ` and ${plural(film.fileCount - 1, 'more file')} of the same show`}
        </p>
        {say.error && <ErrorNote words={wordsHere(say.error, here)} />}
        {show ? (
          <EpisodeForm show={show} isBusy={say.isPending} onSaid={(said) => say.mutate(said)} />
        ) : (
          <>
            <TitleSearch film={film} isBusy={say.isPending} onChoose={choose} />
            {!film.episode && <NewTitleForm film={film} isBusy={say.isPending} onSaid={(said) => say.mutate(said)} />}
          </>
        )}
      </div>
    </Dialog>
  )
}

type SearchProps = { film: OwnFilm; isBusy: boolean; onChoose: (title: Title) => void }

function TitleSearch({ film, isBusy, onChoose }: SearchProps) {
  const [text, setText] = useState(film.title)
  const [asked, setAsked] = useState(film.match === 'several' ? '' : film.title)
  const { data, error, isFetching } = useQuery({
    ...searchQuery({ q: asked.slice(0, 100), scope: 'all' }),
    enabled: asked.trim().length > 1,
  })
  const found = (data?.results ?? []).flatMap(({ id, kind, name, year }): Title[] =>
    kind === 'movie' || kind === 'show' ? [{ id, kind, name, year }] : [],
  )
  const titles = asked === '' && film.match === 'several' ? film.titles : found.slice(0, MOST_SHOWN)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(text)
  }
  return (
    <section aria-label="Titles that it may be" className="flex flex-col gap-4">
      <form onSubmit={submit} className="flex items-end gap-3">
        <div className="min-w-0 flex-1">
          <TextField
            label="Film or show"
            type="search"
            maxLength={100}
            data-first-focus
            value={text}
            onValue={setText}
          />
        </div>
        <Button type="submit" look="quiet" className="min-h-12" isBusy={isFetching}>
          Search
        </Button>
      </form>
      {error && !data && <ErrorNote words={wordsFor(error)} />}
      {isFetching && titles.length === 0 && <LoadingRows label="Searching" rows={2} />}
      {data && !isFetching && titles.length === 0 && (
        <p className="text-quiet">The catalog has nothing of that name.</p>
      )}
      {titles.length > 0 && (
        <RowList label="Titles that it may be">
          {titles.map((title) => (
            <Row key={title.id} title={titleWords(title)} note={title.kind === 'show' ? 'Show' : 'Film'}>
              <Button
                look="quiet"
                aria-label={`It is ${titleWords(title)}`}
                disabled={isBusy}
                onClick={() => onChoose(title)}
              >
                Choose
              </Button>
            </Row>
          ))}
        </RowList>
      )}
    </section>
  )
}

type FormProps = { isBusy: boolean; onSaid: (said: OwnFilmSaid) => void }

function EpisodeForm({ show, isBusy, onSaid }: FormProps & { show: Title }) {
  const [season, setSeason] = useState('1')
  const [episode, setEpisode] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSaid({ titleId: show.id, seasonNumber: Number(season), episodeNumber: Number(episode) })
  }
  const number = { inputMode: 'numeric', pattern: '\\d{1,4}', required: true } as const
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p>Which episode of {titleWords(show)}? The file’s name does not say it.</p>
      <div className="grid grid-cols-2 gap-3">
        <TextField label="Season" {...number} value={season} onValue={setSeason} />
        <TextField label="Episode" {...number} value={episode} onValue={setEpisode} />
      </div>
      <Button type="submit" isBusy={isBusy}>
        This one
      </Button>
    </form>
  )
}

function NewTitleForm({ film, isBusy, onSaid }: FormProps & { film: OwnFilm }) {
  const [name, setName] = useState(() => likelyName(film))
  const [year, setYear] = useState(film.year === undefined ? '' : String(film.year))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSaid({ newTitle: { name, ...(year === '' ? {} : { year: Number(year) }) } })
  }
  return (
    <details className="border-t border-line pt-4">
      <summary className="min-h-11 cursor-pointer py-2 font-medium">It is in no catalog</summary>
      <form onSubmit={submit} className="flex flex-col gap-4 pt-2">
        <p className="text-sm text-quiet">
          A film of your own gets a title of its own. Everybody in the household sees it, except children’s profiles.
        </p>
        <div className="grid grid-cols-[1fr_6rem] gap-3">
          <TextField label="Name" required maxLength={200} value={name} onValue={setName} />
          <TextField
            label="Year"
            inputMode="numeric"
            pattern="(18[7-9]|19\d|20\d)\d"
            title="A year of four digits"
            value={year}
            onValue={setYear}
          />
        </div>
        <Button type="submit" isBusy={isBusy}>
          Add it
        </Button>
      </form>
    </details>
  )
}
