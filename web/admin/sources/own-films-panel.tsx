/** The films in the folders of one box: which the catalog has, which it does not and why, and what the admin says of them. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Agent } from '../../api.ts'
import { wordsFor, wordsHere } from '../../error-words.ts'
import {
  type OwnFilm,
  type OwnFilmView,
  ownFilmsKey,
  ownFilmsQuery,
  sayOwnFilm,
  unsayOwnFilm,
} from '../../sources-api.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { ErrorNote } from '../../ui/error-view.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../../ui/panel.tsx'
import { plural } from '../../ui/time-format.ts'
import { OwnFilmDialog } from './own-film-dialog.tsx'
import { countWords, matchWords, placeWords } from './own-film-words.ts'

const here = {
  version_unsupported: {
    title: 'This box is too old for that.',
    text: 'Update it. Then its own films are shown here.',
  },
}
const views = [
  ['unmatched', 'Not in the catalog'],
  ['decided', 'Decided by you'],
  ['matched', 'In the catalog'],
] as const
const nothing: Record<OwnFilmView, string> = {
  unmatched: 'Every film in the folders of this box is one of the catalog’s.',
  decided: 'You have decided on no film yet.',
  matched: 'The catalog has none of the films in the folders of this box yet.',
}

export function OwnFilmsPanel({ agent: { id, name } }: { agent: Pick<Agent, 'id' | 'name'> }) {
  const [view, setView] = useState<OwnFilmView>('unmatched')
  const films = useInfiniteQuery(ownFilmsQuery(id, view))
  const { data, error, refetch, isFetching } = films
  const [first] = data?.pages ?? []
  const all = data?.pages.flatMap((page) => page.films) ?? []
  const isEmpty = first !== undefined && Object.values(first.counts).every((count) => count === 0)
  return (
    <Panel
      title={`Own films on ${name}`}
      lead={
        first &&
        (first.isOn || !isEmpty
          ? countWords(first.counts)
          : 'No folders are set. Name them on the box itself, as SOURCE_FOLDERS_PATHS in its settings, and restart its agent.')
      }
    >
      {!isEmpty && !(error && !data) && (
        <div className="sm:max-w-xs">
          <Choice
            label={`Which of the films on ${name}`}
            isLabelHidden
            value={view}
            options={views}
            onValue={setView}
          />
        </div>
      )}
      {!data && !error && <LoadingRows label={`Loading the films on ${name}`} rows={3} />}
      {!data && error && <RowsFailed words={wordsHere(error, here)} onRetry={refetch} isRetrying={isFetching} />}
      {first && !isEmpty && all.length === 0 && (
        <p className="text-quiet">{first.counts.waiting > 0 ? 'They are being looked up.' : nothing[view]}</p>
      )}
      {all.length > 0 && (
        <RowList label={`Own films on ${name}`}>
          {all.map((film) => (
            <FilmRow key={film.id} agentId={id} film={film} />
          ))}
        </RowList>
      )}
      {films.hasNextPage && (
        <Button look="quiet" isBusy={films.isFetchingNextPage} onClick={() => films.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Panel>
  )
}

function FilmRow({ agentId, film }: { agentId: string; film: OwnFilm }) {
  const queryClient = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const close = useCallback(() => setIsOpen(false), [])
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ownFilmsKey(agentId) })
  const aside = useMutation({ mutationFn: () => sayOwnFilm(agentId, film.id, { isFilm: false }), onSuccess })
  const unsay = useMutation({ mutationFn: () => unsayOwnFilm(agentId, film.id), onSuccess })
  const isDecided = film.match === 'chosen' || film.match === 'aside'
  const { file, folder } = placeWords(film)
  const failed = aside.error ?? unsay.error
  return (
    <Row
      title={
        <>
          <span className="break-all">{file}</span>{' '}
          {film.fileCount > 1 && <Tag>and {plural(film.fileCount - 1, 'more file')}</Tag>}
        </>
      }
      note={
        <>
          {folder !== undefined && <span className="block break-all">in {folder}</span>}
          {matchWords(film)}
        </>
      }
      below={failed && <ErrorNote words={wordsFor(failed)} />}
    >
      <Button look="quiet" aria-label={`Say what ${file} is`} onClick={() => setIsOpen(true)}>
        {film.match === 'unknown' || film.match === 'several' ? 'Say what it is' : 'Change'}
      </Button>
      {isDecided ? (
        <Button
          look="plain"
          aria-label={`Take back what was said of ${file}`}
          isBusy={unsay.isPending}
          onClick={() => unsay.mutate()}
        >
          Undo
        </Button>
      ) : (
        <Button
          look="plain"
          aria-label={`${file} is not a film`}
          isBusy={aside.isPending}
          onClick={() => aside.mutate()}
        >
          Not a film
        </Button>
      )}
      {isOpen && <OwnFilmDialog agentId={agentId} film={film} onClose={close} />}
    </Row>
  )
}
