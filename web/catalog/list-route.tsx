/** The address of a list. */
import { getRouteApi } from '@tanstack/react-router'
import { ListPage } from './list-page.tsx'

const route = getRouteApi('/signed-in/shell/list/$listId')

export function ListRoute() {
  const { listId } = route.useParams()
  return <ListPage key={listId} listId={listId} />
}
