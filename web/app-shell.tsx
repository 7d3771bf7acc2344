/** The frame around every page of the house: logo, the lamp that says whether home is reachable, and the account. */
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { AccountMenu } from './auth/account-menu.tsx'
import { ConnectionNote } from './connection-note.tsx'
import { homeQuery } from './queries.ts'
import { Icon } from './ui/icon.tsx'
import { Lamp } from './ui/lamp.tsx'
import { since } from './ui/time-format.ts'

export function AppShell() {
  return (
    <div className="porch-glow flex min-h-dvh flex-col overflow-x-clip">
      <a
        href="#main"
        className="absolute start-4 -top-20 z-50 rounded-card bg-lamp px-4 py-2 font-semibold text-on-lamp focus:top-3"
      >
        Skip to the page
      </a>
      <header className="gutter sticky top-0 z-30 border-b border-line/60 bg-ground/80 pt-[env(safe-area-inset-top)] backdrop-blur-md">
        <div className="mx-auto flex h-14 max-w-[90rem] items-center justify-between gap-3 sm:h-16">
          <Link to="/" aria-label="Porchlight, your films" className="flex items-center gap-2.5 rounded-card">
            <HomeLogo />
            <span className="text-lg font-semibold tracking-tight">Porchlight</span>
          </Link>
          <div className="flex items-center sm:gap-3">
            <Link
              to="/search"
              aria-label="Search"
              className="grid size-11 place-items-center rounded-full hover:bg-ink/8"
            >
              <Icon name="search" className="size-5" />
            </Link>
            <HomeSign />
            <AccountMenu />
          </div>
        </div>
      </header>
      <ConnectionNote />
      <main id="main" tabIndex={-1} className="gutter mx-auto w-full max-w-[94rem] flex-1 pb-16 outline-none">
        <Outlet />
      </main>
    </div>
  )
}

/** The logo is the same sign: lit when home is reachable. */
function HomeLogo() {
  const { data } = useQuery(homeQuery)
  return <Lamp isLit={data?.lit ?? false} className="size-8" />
}

function HomeSign() {
  const { data } = useQuery(homeQuery)
  if (!data) return <p className="pe-1 text-sm whitespace-nowrap text-quiet sm:px-2">Looking for home…</p>
  const seen = data.lastSeenAt === null ? '' : `, last seen ${since(data.lastSeenAt, Date.now())}`
  return (
    <p
      role="status"
      data-testid="home-lamp"
      data-lit={data.lit}
      className="flex items-center gap-2 pe-1 text-sm whitespace-nowrap sm:px-2"
    >
      <span
        aria-hidden
        className={`size-2.5 rounded-full ${data.lit ? 'bg-lamp shadow-[0_0_10px_var(--color-lamp)]' : 'border-2 border-edge'}`}
      />
      <span className={data.lit ? 'text-ink' : 'text-quiet'}>
        {data.lit ? 'Home is on' : 'Home is dark'}
        {!data.lit && <span className="max-sm:sr-only">{seen}</span>}
      </span>
    </p>
  )
}
