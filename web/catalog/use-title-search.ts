/** Has a title looked for while its page is open: what is found stands on the page without a reload. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Title } from '../api.ts'
import { titleQuery } from '../queries.ts'
import { searchTitle } from '../sources-api.ts'

const AGAIN_MS = 2500
/** Providers have answered by then, or will not. */
const MOST_TIMES = 12

/** A show and a season are looked for by their episodes. */
const isLookedFor = ({ kind }: Pick<Title, 'kind'>) => kind === 'movie' || kind === 'episode'

/** True while more may come. The page shows meanwhile what is known. */
export function useTitleSearch(title: Title | undefined): boolean {
  const queryClient = useQueryClient()
  const id = title?.id ?? ''
  const { data, isPending, isEnabled } = useQuery({
    queryKey: ['title-search', id],
    queryFn: () => searchTitle(id),
    enabled: title !== undefined && isLookedFor(title),
    retry: false,
    refetchInterval: ({ state }) => (state.data?.isLooking && state.dataUpdateCount < MOST_TIMES ? AGAIN_MS : false),
  })
  const shown = title?.sources.length
  const known = data?.sourceCount
  useEffect(() => {
    if (known === undefined || known === shown) return
    void queryClient.invalidateQueries({ queryKey: titleQuery(id).queryKey })
    void queryClient.invalidateQueries({ queryKey: ['source-choices', id] })
  }, [known, shown, id, queryClient])
  return isEnabled && (isPending || data?.isLooking === true)
}
