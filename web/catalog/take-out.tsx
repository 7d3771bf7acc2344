/** A small cross on a card: it leaves the row until it is watched again. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { hideProgress } from '../library-api.ts'
import { frontPageQuery } from '../queries.ts'
import { Ring } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** `titleId`: the film, or of what comes next the show. */
export function TakeOut({ titleId, name }: { titleId: string; name: string }) {
  const queryClient = useQueryClient()
  const hide = useMutation({
    mutationFn: () => hideProgress(titleId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: frontPageQuery.queryKey }),
  })
  return (
    <button
      type="button"
      aria-label={`Take ${name} out of this row`}
      disabled={hide.isPending}
      onClick={() => hide.mutate()}
      className="absolute end-1 top-1 grid size-11 place-items-center rounded-full text-white/80 opacity-100 transition hover:text-white focus-visible:opacity-100 sm:opacity-0 sm:group-hover/card:opacity-100"
    >
      <span className="grid size-8 place-items-center rounded-full bg-black/60 backdrop-blur-sm">
        {hide.isPending ? <Ring className="size-4" /> : <Icon name="close" className="size-4" />}
      </span>
    </button>
  )
}
