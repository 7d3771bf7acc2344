/** What a way in is called: by the label its household gave it, while it is among those offered. */
import { useQuery } from '@tanstack/react-query'
import { providersQuery } from '../identity-queries.ts'
import { wayName } from './way-name.ts'

export function useWayName(): (id: string) => string {
  const { data } = useQuery(providersQuery)
  return (id) => data?.find((provider) => provider.id === id)?.label ?? wayName(id)
}
