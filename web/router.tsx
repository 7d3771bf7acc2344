/** Every page of the app and who may open it; all but the films are chunks of their own. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Title } from './api.ts'
import { AppShell } from './app-shell.tsx'
import { session } from './auth/current-session.ts'
import { StepUpHost } from './auth/step-up-host.tsx'
import { BrowsePage } from './catalog/browse-page.tsx'
import { NotFoundPage } from './catalog/not-found-page.tsx'
import { readWish } from './catalog/search-wish.ts'
import { TitlePage } from './catalog/title-page.tsx'
import { isAccountSection } from './profile/sections.ts'
import { OpeningDoor, StartFailed } from './start-views.tsx'

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <StepUpHost />
    </>
  ),
  notFoundComponent: NotFoundPage,
})

const noop = () => undefined

/** Pages before the door, each a chunk of its own: nobody who is in needs them. */
const door = <const Path extends string>(path: Path, load: () => Promise<{ default: () => ReactNode }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) })

const setup = door('/setup', async () => ({ default: (await import('./auth/setup-page.tsx')).SetupPage }))
const forgotPassword = door('/forgot-password', async () => ({
  default: (await import('./auth/forgot-password-page.tsx')).ForgotPasswordPage,
}))
const resetPassword = door('/reset-password', async () => ({
  default: (await import('./auth/reset-password-page.tsx')).ResetPasswordPage,
}))
const verifyEmail = door('/verify-email', async () => ({
  default: (await import('./auth/verify-email-page.tsx')).VerifyEmailPage,
}))
const invite = door('/invite', async () => ({ default: (await import('./auth/invite-page.tsx')).InvitePage }))
const apiDocs = door('/docs', async () => ({ default: (await import('./api-docs-page.tsx')).ApiDocsPage }))
const television = door('/television', async () => ({
  default: (await import('./auth/television-page.tsx')).TelevisionPage,
}))

/** Only a path of ours may follow a sign-in: never another site's address. */
const ownPath = (next: unknown): string | undefined =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) && next !== '/' ? next : undefined

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ next, erased }: { next?: unknown; erased?: unknown }): { next?: string; erased?: number } => {
    const path = ownPath(next)
    return { ...(path !== undefined && { next: path }), ...(typeof erased === 'number' && { erased }) }
  },
  component: lazyRouteComponent(() => import('./auth/sign-in-route.tsx'), 'SignInRoute'),
})

/** Where somebody goes who may do only one thing until it is done. */
const doFirst = { second_factor_needed: '/second-lock', password_change_needed: '/new-password' } as const

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const state = await session.start()
    if (state.status !== 'signed-in') {
      const next = ownPath(location.href)
      throw redirect({ to: '/sign-in', search: next === undefined ? {} : { next } })
    }
    const first = state.restriction === null ? undefined : doFirst[state.restriction]
    if (first !== undefined && location.pathname !== first) throw redirect({ to: first })
  },
  pendingComponent: OpeningDoor,
  errorComponent: StartFailed,
  component: Outlet,
})

const shell = createRoute({ getParentRoute: () => signedIn, id: 'shell', component: AppShell })

const browse = createRoute({ getParentRoute: () => shell, path: '/', component: BrowsePage })

const AddSource = lazyRouteComponent(() => import('./admin/sources/add-source.tsx'), 'AddSource')
const SourceList = lazyRouteComponent(() => import('./playback/source-list.tsx'), 'SourceList')

const title = createRoute({
  getParentRoute: () => shell,
  path: '/title/$titleId',
  component: function TitleById() {
    const { titleId } = title.useParams()
    const sourceList = <SourceList titleId={titleId} />
    const sourceTools = (whole: Title) => <AddSource title={whole} />
    return <TitlePage key={titleId} titleId={titleId} sourceList={sourceList} sourceTools={sourceTools} />
  },
})

const list = createRoute({
  getParentRoute: () => shell,
  path: '/list/$listId',
  component: lazyRouteComponent(() => import('./catalog/list-route.tsx'), 'ListRoute'),
})

/** What is searched for stands in the address, so that going back from a film finds it again. */
const search = createRoute({
  getParentRoute: () => shell,
  path: '/search',
  validateSearch: readWish,
  component: lazyRouteComponent(() => import('./catalog/search-route.tsx'), 'SearchRoute'),
})

const lists = createRoute({
  getParentRoute: () => shell,
  path: '/lists',
  component: lazyRouteComponent(() => import('./catalog/lists-page.tsx'), 'ListsPage'),
})

const codeOf = ({ code }: { code?: unknown }): { code?: string } =>
  typeof code === 'string' && code.length <= 16 ? { code } : {}

const home = createRoute({
  getParentRoute: () => shell,
  path: '/home',
  validateSearch: codeOf,
  component: lazyRouteComponent(() => import('./admin/agents-route.tsx'), 'AgentsRoute'),
})

const history = createRoute({
  getParentRoute: () => shell,
  path: '/history',
  component: lazyRouteComponent(() => import('./profile/history-page.tsx'), 'HistoryPage'),
})

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: lazyRouteComponent(() => import('./admin/people-page.tsx'), 'PeoplePage'),
})

const sources = createRoute({
  getParentRoute: () => shell,
  path: '/sources',
  component: lazyRouteComponent(() => import('./admin/sources/sources-page.tsx'), 'SourcesPage'),
})

const upkeep = createRoute({
  getParentRoute: () => shell,
  path: '/upkeep',
  component: lazyRouteComponent(() => import('./admin/upkeep-page.tsx'), 'UpkeepPage'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account/$section',
  params: {
    parse: ({ section }) => {
      if (!isAccountSection(section)) throw notFound()
      return { section }
    },
  },
  component: lazyRouteComponent(() => import('./profile/account-page.tsx'), 'AccountPage'),
})

const ownAccount = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  beforeLoad: () => {
    throw redirect({ to: '/account/$section', params: { section: 'you' } })
  },
})

const secondLock = createRoute({
  getParentRoute: () => signedIn,
  path: '/second-lock',
  component: lazyRouteComponent(() => import('./auth/second-lock-page.tsx'), 'SecondLockPage'),
})

const newPassword = createRoute({
  getParentRoute: () => signedIn,
  path: '/new-password',
  component: lazyRouteComponent(() => import('./auth/new-password-page.tsx'), 'NewPasswordPage'),
})

/** The address in the QR code of a television that waits to be let in. */
const tv = createRoute({
  getParentRoute: () => signedIn,
  path: '/tv',
  validateSearch: codeOf,
  component: lazyRouteComponent(() => import('./auth/tv-route.tsx'), 'TvRoute'),
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

/** Once it has come. Even a module that is there is imported by a task of its own, behind the drawing of the player. */
let playAhead: typeof import('./playback/play-ahead.ts') | undefined
const loadPlayAhead = async () => {
  playAhead = await import('./playback/play-ahead.ts')
  return playAhead
}

const watch = createRoute({
  getParentRoute: () => signedIn,
  path: '/watch/$titleId',
  validateSearch: ({ from, source }: { from?: unknown; source?: unknown }): { from?: 'start'; source?: string } => ({
    ...(from === 'start' && { from }),
    // A copy that somebody chose on the title's page.
    ...(typeof source === 'string' && /^[\w-]{1,64}$/.test(source) && { source }),
  }),
  // A film's page, and a hand near a way into the player, preload it: then the film is opened if it is at home. A press
  // opens it in any case, while the player is being drawn; a copy that was chosen is for the player to ask for. Not a
  // loader: one that ran for the preload does not run again for the press.
  beforeLoad: ({ params: { titleId }, search: { from, source }, cause }) => {
    if (source !== undefined || cause === 'stay') return
    const asked = { titleId, startOver: from === 'start' }
    // Nobody waits for it.
    if (cause === 'preload') void loadPlayAhead().then(({ preparePlay }) => preparePlay(titleId), noop)
    else if (playAhead) void playAhead.beginPlay(asked)
    else void loadPlayAhead().then(({ beginPlay }) => beginPlay(asked), noop)
  },
  component: lazyRouteComponent(() => import('./playback/player-route.tsx'), 'PlayerRoute'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signIn,
    forgotPassword,
    resetPassword,
    verifyEmail,
    invite,
    television,
    apiDocs,
    signedIn.addChildren([
      shell.addChildren([
        browse,
        title,
        search,
        list,
        lists,
        home,
        history,
        people,
        sources,
        upkeep,
        account,
        ownAccount,
      ]),
      pair,
      tv,
      secondLock,
      newPassword,
      watch,
    ]),
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
