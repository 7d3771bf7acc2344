/** The address of the search, with what is searched for in it. */
import { getRouteApi } from '@tanstack/react-router'
import { SearchPage } from './search-page.tsx'

const route = getRouteApi('/signed-in/shell/search')

export function SearchRoute() {
  const wish = route.useSearch()
  const navigate = route.useNavigate()
  return <SearchPage wish={wish} onWish={(next) => navigate({ search: next, replace: true })} />
}
