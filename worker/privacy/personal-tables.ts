/** Every table that says something of a person: by which columns, and which of its columns leave nobody's hands. */
import type { AnySQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { householdSettings } from '../agents/household/schema.ts'
import { agentNames, agents, pairings, pairingTries } from '../agents/schema.ts'
import { auditEvents } from '../audit/schema.ts'
import { recoveryCodes, signInTickets, totpFactors } from '../auth/factors/schema.ts'
import { invites, mailLinks } from '../auth/links/schema.ts'
import { passkeyChallenges, passkeys } from '../auth/passkeys/schema.ts'
import { erasures } from '../auth/people/schema.ts'
import { profiles } from '../auth/profiles/schema.ts'
import { notices, sessions, users } from '../auth/schema.ts'
import { deviceApprovals } from '../auth/tv/schema.ts'
import { authTransactions, identities } from '../auth/ways/schema.ts'
import { cacheEntries, cacheTags } from '../cache/schema.ts'
import {
  credits,
  externalIds,
  genres,
  images,
  people,
  titleDetails,
  titleGenres,
  translations,
} from '../catalog/details/schema.ts'
import { foundSources, titleSearches } from '../catalog/found/schema.ts'
import { listItems, mediaLists } from '../catalog/lists/schema.ts'
import { sources, titles } from '../catalog/schema.ts'
import { searchWords, titleSearch } from '../catalog/search/schema.ts'
import { syncStates } from '../catalog/tmdb/schema.ts'
import {
  preferences,
  progress,
  ratings,
  recentSearches,
  showProgress,
  titleChoices,
  traktOutbox,
  watchEvents,
} from '../library/schema.ts'
import { connectionAsks, streamGrants, subtitleAsks } from '../playback/schema.ts'
import { relayUsage } from '../relay/schema.ts'

/** `secret`: keys, hashes and MACs, which are no knowledge of the person but would open doors if they leaked. */
export type Personal = {
  table: SQLiteTable
  of: AnySQLiteColumn[]
  secret: AnySQLiteColumn[]
  /** Theirs by a row of theirs: `column` holds the `id` of a row of another table, whose `of` names the person. */
  through?: { column: AnySQLiteColumn; id: AnySQLiteColumn; of: AnySQLiteColumn }
}

/** The export reads these, and erasure must empty every one of them; a test compares the list with the schemas. */
export const personalTables: readonly Personal[] = [
  { table: users, of: [users.id], secret: [users.emailIndex, users.passwordHash] },
  { table: sessions, of: [sessions.userId], secret: [] },
  { table: notices, of: [notices.userId], secret: [] },
  { table: identities, of: [identities.userId], secret: [identities.token] },
  {
    table: authTransactions,
    of: [authTransactions.userId],
    secret: [authTransactions.idMac, authTransactions.sealed],
  },
  { table: totpFactors, of: [totpFactors.userId], secret: [totpFactors.secret] },
  { table: recoveryCodes, of: [recoveryCodes.userId], secret: [recoveryCodes.codeMac] },
  { table: signInTickets, of: [signInTickets.userId], secret: [signInTickets.secretMac] },
  { table: passkeys, of: [passkeys.userId], secret: [] },
  { table: invites, of: [invites.createdBy, invites.usedBy], secret: [invites.secretMac] },
  { table: mailLinks, of: [mailLinks.userId], secret: [mailLinks.secretMac, mailLinks.emailIndex] },
  { table: erasures, of: [erasures.userId], secret: [] },
  { table: profiles, of: [profiles.userId], secret: [profiles.pinHash] },
  { table: deviceApprovals, of: [deviceApprovals.approvedBy], secret: [deviceApprovals.secretMac] },
  { table: progress, of: [progress.personId], secret: [] },
  { table: watchEvents, of: [watchEvents.personId], secret: [] },
  { table: showProgress, of: [showProgress.personId], secret: [] },
  { table: ratings, of: [ratings.personId], secret: [] },
  { table: recentSearches, of: [recentSearches.personId], secret: [] },
  { table: traktOutbox, of: [traktOutbox.personId], secret: [] },
  { table: mediaLists, of: [mediaLists.personId], secret: [] },
  {
    table: listItems,
    of: [],
    secret: [],
    through: { column: listItems.listId, id: mediaLists.id, of: mediaLists.personId },
  },
  { table: syncStates, of: [syncStates.personId], secret: [] },
  { table: preferences, of: [preferences.personId], secret: [] },
  { table: titleChoices, of: [titleChoices.personId], secret: [] },
  { table: streamGrants, of: [streamGrants.personId], secret: [] },
  { table: subtitleAsks, of: [subtitleAsks.personId], secret: [] },
  { table: connectionAsks, of: [connectionAsks.personId], secret: [] },
  { table: relayUsage, of: [relayUsage.personId], secret: [] },
  { table: agents, of: [agents.pairedBy], secret: [] },
  { table: pairingTries, of: [pairingTries.personId], secret: [] },
  { table: auditEvents, of: [auditEvents.actorId, auditEvents.subjectId], secret: [] },
]

/** Says nothing of anybody; a challenge is bound to a session or a ticket and lives for minutes. */
export const impersonalTables: readonly SQLiteTable[] = [
  titles,
  sources,
  foundSources,
  titleSearches,
  titleDetails,
  externalIds,
  genres,
  titleGenres,
  people,
  credits,
  images,
  translations,
  titleSearch,
  searchWords,
  cacheEntries,
  cacheTags,
  pairings,
  agentNames,
  passkeyChallenges,
  householdSettings,
]
