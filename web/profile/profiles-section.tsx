/** Who shares this account: each with a name, a picture, a language, a PIN, and films for their age. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsFor } from '../error-words.ts'
import type { Profile } from '../identity-api.ts'
import { profilesQuery } from '../identity-queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed } from '../ui/panel.tsx'
import { ProfileDialog } from './profile-dialog.tsx'
import { languageName } from './profile-languages.ts'

export function ProfilesSection() {
  const { data, error, refetch, isFetching } = useQuery(profilesQuery)
  const [open, setOpen] = useState<Profile | 'new'>()
  return (
    <Panel
      title="Profiles"
      lead="One for each who watches with this account. A PIN keeps children to their own."
      action={
        <Button look="quiet" onClick={() => setOpen('new')}>
          <Icon name="plus" className="size-5" />
          Add a profile
        </Button>
      }
    >
      {!data && !error && <LoadingRows label="Loading the profiles" />}
      {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {data?.length === 0 && <p className="text-sm text-quiet">Nobody shares this account yet.</p>}
      {data && data.length > 0 && (
        <RowList label="Profiles">
          {data.map((profile) => (
            <Row
              key={profile.id}
              mark={<Avatar name={profile.avatar} />}
              title={profile.name}
              note={[
                languageName(profile.language),
                profile.ratingCap === null ? 'all films' : `films up to ${profile.ratingCap} years`,
                ...(profile.hasPin ? ['with a PIN'] : []),
              ].join(' · ')}
            >
              <Button look="quiet" aria-label={`Change ${profile.name}`} onClick={() => setOpen(profile)}>
                Change
              </Button>
            </Row>
          ))}
        </RowList>
      )}
      {open && <ProfileDialog profile={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </Panel>
  )
}
