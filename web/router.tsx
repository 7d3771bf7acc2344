/** Every page of the app and who may open it; the player and the admin's pages are chunks of their own. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { AppShell } from './app-shell.tsx'
import { session } from './auth/current-session.ts'
import { SetupPage } from './auth/setup-page.tsx'
import { SignInPage } from './auth/sign-in-page.tsx'
import { BrowsePage } from './catalog/browse-page.tsx'
import { NotFoundPage } from './catalog/not-found-page.tsx'
import { TitlePage } from './catalog/title-page.tsx'
import { OpeningDoor, StartFailed } from './start-views.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: SetupPage })

/** Only a path of ours may follow a sign-in: never another site's address. */
const ownPath = (next: unknown): string | undefined =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) && next !== '/' ? next : undefined

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ next }: { next?: unknown }): { next?: string } => {
    const path = ownPath(next)
    return path === undefined ? {} : { next: path }
  },
  component: function SignIn() {
    const { next = '/' } = signIn.useSearch()
    return <SignInPage next={next} />
  },
})

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const state = await session.start()
    if (state.status !== 'signed-in') {
      const next = ownPath(location.href)
      throw redirect({ to: '/sign-in', search: next === undefined ? {} : { next } })
    }
  },
  pendingComponent: OpeningDoor,
  errorComponent: StartFailed,
  component: Outlet,
})

const shell = createRoute({ getParentRoute: () => signedIn, id: 'shell', component: AppShell })

const browse = createRoute({ getParentRoute: () => shell, path: '/', component: BrowsePage })

const title = createRoute({
  getParentRoute: () => shell,
  path: '/title/$titleId',
  component: function TitleById() {
    const { titleId } = title.useParams()
    return <TitlePage key={titleId} titleId={titleId} />
  },
})

const codeOf = ({ code }: { code?: unknown }): { code?: string } =>
  typeof code === 'string' && code.length <= 16 ? { code } : {}

const home = createRoute({
  getParentRoute: () => shell,
  path: '/home',
  validateSearch: codeOf,
  component: lazyRouteComponent(() => import('./admin/agents-route.tsx'), 'AgentsRoute'),
})

/** The address in the QR code of a box that waits to be paired. */
const pair = createRoute({
  getParentRoute: () => signedIn,
  path: '/pair',
  validateSearch: codeOf,
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/home', search })
  },
})

const watch = createRoute({
  getParentRoute: () => signedIn,
  path: '/watch/$titleId',
  validateSearch: ({ from }: { from?: unknown }): { from?: 'start' } => (from === 'start' ? { from } : {}),
  component: lazyRouteComponent(() => import('./playback/player-route.tsx'), 'PlayerRoute'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signIn,
    signedIn.addChildren([shell.addChildren([browse, title, home]), pair, watch]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: OpeningDoor,
  defaultPendingMs: 250,
  defaultPendingMinMs: 150,
  defaultErrorComponent: StartFailed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
