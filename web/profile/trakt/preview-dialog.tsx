/** The dry run of an import: what would come here and what would go there, before anything does. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsFor } from '../../error-words.ts'
import { importTrakt, type PreviewPart, previewTrakt, traktQuery } from '../../library-api.ts'
import { Button, Ring } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-view.tsx'
import { isAnyChange, previewLines } from './preview-lines.ts'

export function PreviewDialog({ forWhom, onClose }: { forWhom: string; onClose: () => void }) {
  const queryClient = useQueryClient()
  const { parts, isDone, error, again } = usePreview()
  const bring = useMutation({
    mutationFn: () =>
      importTrakt((status) => {
        queryClient.setQueryData(traktQuery.queryKey, status)
      }),
    onSuccess: () => {
      queryClient.invalidateQueries()
      onClose()
    },
  })
  return (
    <Dialog title="What an import would do" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="text-quiet">
          Nothing has been changed yet. Where both sides differ, the newer one wins. It is for {forWhom}.
        </p>
        <dl className="flex flex-col divide-y divide-line" aria-live="polite">
          {previewLines(parts).map(({ kind, name, text }) => (
            <div key={kind} className="flex flex-wrap gap-x-4 gap-y-0.5 py-2.5">
              <dt className="w-32 font-medium">{name}</dt>
              <dd className="min-w-0 flex-1 basis-52 text-quiet">{text}</dd>
            </div>
          ))}
        </dl>
        {!isDone && !error && (
          <p role="status" className="flex items-center gap-2 text-sm text-quiet">
            <Ring className="size-4" /> Looking at your Trakt
          </p>
        )}
        {isDone && !isAnyChange(parts) && <p role="status">Both sides are alike already.</p>}
        {error && <ErrorNote words={wordsFor(error)} />}
        {bring.error && <ErrorNote words={wordsFor(bring.error)} />}
        <div className="flex flex-wrap justify-end gap-3 pt-1">
          <Button look="quiet" onClick={onClose}>
            Leave it
          </Button>
          {error ? (
            <Button onClick={() => again()}>Look again</Button>
          ) : (
            <Button disabled={!isDone} isBusy={bring.isPending} onClick={() => bring.mutate()}>
              Import and keep alike
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  )
}

function usePreview() {
  const [parts, setParts] = useState<PreviewPart[]>([])
  const { isSuccess, error, refetch, isFetching } = useQuery({
    queryKey: ['trakt', 'preview'],
    queryFn: async ({ signal }) => {
      const seen: PreviewPart[] = []
      const show = (part: PreviewPart) => {
        seen.push(part)
        setParts([...seen])
      }
      setParts([])
      await previewTrakt(show, signal)
      return seen
    },
    retry: false,
    // Looked at anew each time.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return { parts, isDone: isSuccess, error: isFetching ? null : error, again: refetch }
}
