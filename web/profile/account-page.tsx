/** A person's account: its sections, one shown at a time, each with an address of its own. */
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { usePageTitle } from '../ui/use-page-title.ts'
import { ArrivalNote } from './arrival-note.tsx'
import { DevicesSection } from './devices-section.tsx'
import { NoticesSection } from './notices-section.tsx'
import { ProfilesSection } from './profiles-section.tsx'
import { type AccountSection, sectionNames } from './sections.ts'
import { SecuritySection } from './security-section.tsx'
import { TraktSection } from './trakt/trakt-section.tsx'
import { YouSection } from './you-section.tsx'

const route = getRouteApi('/signed-in/shell/account/$section')

const sections: Record<AccountSection, () => ReactNode> = {
  you: YouSection,
  security: SecuritySection,
  devices: DevicesSection,
  profiles: ProfilesSection,
  trakt: TraktSection,
  notices: NoticesSection,
}

export function AccountPage() {
  const { section } = route.useParams()
  usePageTitle(sectionNames[section])
  const Section = sections[section]
  const nav = useRef<HTMLElement>(null)
  // On a phone the row of names is wider than the screen.
  useEffect(() => {
    const chosen = nav.current?.querySelector(`[data-section="${section}"]`)
    chosen?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [section])
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="pt-7 pb-4 text-2xl font-semibold sm:pt-10 sm:text-3xl">Your account</h1>
      <nav
        ref={nav}
        aria-label="Parts of your account"
        className="-mx-4 mb-6 scroll-px-4 overflow-x-auto px-4 [scrollbar-width:none]"
      >
        <ul className="flex w-max gap-1.5">
          {(Object.keys(sectionNames) as AccountSection[]).map((name) => (
            <li key={name} data-section={name}>
              <Link
                to="/account/$section"
                params={{ section: name }}
                className="inline-flex min-h-11 items-center rounded-full border border-line px-4 text-sm font-medium text-quiet hover:border-edge hover:text-ink aria-[current=page]:border-lamp aria-[current=page]:bg-lamp/15 aria-[current=page]:text-ink"
              >
                {sectionNames[name]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <ArrivalNote />
      <div className="flex flex-col gap-5">
        <Section />
      </div>
    </div>
  )
}
