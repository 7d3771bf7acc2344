/** Everything over the picture: what to wait for, what went wrong, the controls, and the panels they open. */
import { useEffect, useState } from 'react'
import type { Title } from '../api.ts'
import { Controls, type Panel } from './controls/controls.tsx'
import { SkipButton } from './controls/skip-button.tsx'
import { VideoSurface } from './controls/video-surface.tsx'
import { NextCard } from './next/next-card.tsx'
import { useNext } from './next/use-next.ts'
import { KeyHelp } from './panels/key-help.tsx'
import { LocalNetworkCard } from './panels/local-network-card.tsx'
import { QualityPanel } from './panels/quality-panel.tsx'
import { StatsPanel } from './panels/stats-panel.tsx'
import { TracksPanel } from './panels/tracks-panel.tsx'
import { type PlayerPhase, playerPhase } from './player/player-phase.ts'
import { playerRequests } from './player/player-requests.ts'
import { useChrome } from './player/use-chrome.ts'
import { useKeys } from './player/use-keys.ts'
import { type Player, usePlayerState, useViewing } from './player/use-player.ts'
import { useRemote } from './player/use-remote.ts'
import { joinMediaSession } from './player/while-playing.ts'
import { SubtitleOverlay } from './subtitles/subtitle-overlay.tsx'
import { Veil } from './veils/veil.tsx'

type PlayerFaceProps = { player: Player; titleId: string; title: Title | undefined }

export function PlayerFace({ player, titleId, title }: PlayerFaceProps) {
  const phase = usePhase(player)
  const [panel, setPanel] = useState<Panel>()
  const toggle = (wanted: Panel) => setPanel(panel === wanted ? undefined : wanted)
  const chrome = useChrome(player.root, panel !== undefined || wantsAttention(phase))
  const takeRemote = useRemote(player.root, chrome.isShown)
  const next = useNext(player, title, phase === 'ended')
  const isOffered = next.offer === 'card'
  useKeys(player, {
    toggleHelp: () => toggle('help'),
    closePanel: () => (panel === undefined && next.offer !== 'none' ? next.refuse() : setPanel(undefined)),
    // The one key that every remote control has.
    confirm: () => {
      if (isOffered) next.play()
      else if (hasPicture(phase)) {
        playerRequests.togglePlay(player)
        takeRemote()
      }
    },
    wake: chrome.wake,
  })
  useMediaKeys(player, title)
  const name = title?.name ?? ''
  const close = () => setPanel(undefined)
  return (
    <>
      <SubtitleOverlay player={player} isRaised={chrome.isShown} />
      <VideoSurface player={player} chrome={chrome} />
      <Veil player={player} phase={phase} titleId={titleId} title={title} next={next} />
      <Controls
        player={player}
        phase={phase}
        titleId={titleId}
        name={name}
        chrome={chrome}
        panel={panel}
        onPanel={toggle}
      />
      {hasPicture(phase) && panel === undefined && !isOffered && (
        <SkipButton player={player} isRaised={chrome.isShown} />
      )}
      {hasPicture(phase) && panel === undefined && <NextCard next={next} isRaised={chrome.isShown} />}
      {panel === undefined && <LocalNetworkCard player={player} isRaised={chrome.isShown} />}
      {panel === 'stats' && <StatsPanel player={player} onClose={close} />}
      {panel === 'tracks' && <TracksPanel player={player} onClose={close} />}
      {panel === 'quality' && <QualityPanel player={player} onClose={close} />}
      {panel === 'help' && <KeyHelp onClose={close} />}
    </>
  )
}

/** A short wait for bytes does not bring the controls up: that would flicker over the film. */
const wantsAttention = (phase: PlayerPhase): boolean => phase !== 'playing' && phase !== 'waiting'

const hasPicture = (phase: PlayerPhase): boolean => phase === 'playing' || phase === 'paused' || phase === 'waiting'

/** The phase, also written on the player's root for styles and tests. */
function usePhase(player: Player): PlayerPhase {
  const keep = useViewing(player, (state) => state.keep)
  const isFrozen = useViewing(player, (state) => state.isFrozen)
  const transport = useViewing(player, (state) => state.way.transport)
  const mode = useViewing(player, (state) => state.stream?.plan.mode)
  const isPaused = usePlayerState(player, (state) => state.isPaused)
  const isEnded = usePlayerState(player, (state) => state.isEnded)
  const isSeeking = usePlayerState(player, (state) => state.isSeeking)
  const isStarved = usePlayerState(player, (state) => state.isStarved)
  const phase = playerPhase(keep, { isPaused, isEnded, isSeeking, isStarved })
  useEffect(() => {
    Object.assign(player.root.dataset, {
      state: phase,
      transport: transport ?? 'none',
      mode: mode ?? 'none',
      frozen: String(isFrozen),
    })
  }, [player, phase, transport, mode, isFrozen])
  return phase
}

function useMediaKeys(player: Player, title: Title | undefined): void {
  useEffect(() => {
    if (!title) return
    const leaving = new AbortController()
    joinMediaSession(player, title, leaving.signal)
    return () => leaving.abort()
  }, [player, title])
}
