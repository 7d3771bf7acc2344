/** Stats for nerds: how the film gets here and how well. */
import { useEffect, useState } from 'react'
import type { PlayReason } from '#protocol/play-plan.ts'
import { fileSize, speed } from '../../ui/time-format.ts'
import { aheadSeconds } from '../engine/player-look.ts'
import { type Player, useViewing } from '../player/use-player.ts'
import { localNetwork } from '../transports/open-way.ts'
import { PanelCard } from './panel-card.tsx'
import { homeWords, leftOutWords, limitOfWay, spareWords, triedWords, wayWords } from './way-words.ts'

const modeWords = {
  direct: 'The file as it is',
  remux: 'Repacked, nothing converted',
  audio: 'Sound converted, picture as it is',
  transcode: 'Picture and sound converted',
} as const
const reasonWords: Record<PlayReason, string> = {
  plays_as_it_is: 'This browser plays the file as it is',
  codec_unknown_tried_directly: 'Format unknown, tried as it is',
  container_not_opened: 'This browser does not open such files',
  video_codec_not_decoded: 'This browser does not decode the video',
  video_not_smooth: 'This device is too slow for the video',
  audio_codec_not_decoded: 'This browser does not decode the sound',
  audio_channels_reduced: 'Sound mixed down to this device',
  audio_track_chosen: 'Another sound was chosen',
  hdr_not_shown: 'This screen has no high dynamic range',
  open_gop: 'This browser cannot seek in such video',
  keyframes_too_rare: 'Too few places to begin from',
  keyframes_unknown: 'The file does not say where it can begin',
  starts_late: 'The film begins later than the file’s own clock',
  interlaced: 'Interlaced picture',
  line_too_slow: 'The line is too slow for all of it',
  data_saver: 'This browser saves data',
  quality_chosen: 'Quality chosen by hand',
  failed_before: 'A cheaper way failed on this screen',
}

export function StatsPanel({ player, onClose }: { player: Player; onClose: () => void }) {
  const { stream, way, status, repairs } = useViewing(player, (state) => state)
  const frames = useFrames(player)
  const video = stream?.tracks.video[0]
  const leftOut = leftOutWords(stream?.urls ?? [], localNetwork.verdict)
  const rows: [string, string][] = [
    ['From', homeWords(stream)],
    ['Way', wayWords(way) + limitOfWay(way, stream?.urls ?? [])],
    ['Asked', triedWords(way)],
    ...(leftOut === undefined ? [] : [['Left out', leftOut] satisfies [string, string]]),
    ['Ready beside it', spareWords(way)],
    [
      'Plan',
      stream
        ? `${modeWords[stream.plan.mode]}: ${stream.plan.reasons.map((reason) => reasonWords[reason]).join('; ')}`
        : '…',
    ],
    ['Picture now', `${frames.width} × ${frames.height}${frames.kilobits ? `, ${frames.kilobits} kbit/s` : ''}`],
    ['File', stream ? `${stream.contentType}, ${fileSize(stream.sizeBytes)}` : '…'],
    [
      'Video',
      video
        ? `${video.width} × ${video.height}, ${video.codec ?? 'unknown codec'}`
        : `${frames.width} × ${frames.height}`,
    ],
    [
      'Sound',
      stream?.tracks.audio.map(({ codec, channels }) => `${codec ?? 'unknown'} ${channels} ch`).join('; ') || '…',
    ],
    ['Frames', `${frames.total} shown, ${frames.dropped} dropped`],
    ['Ahead', `${frames.aheadSeconds.toFixed(1)} s in this browser`],
    ['Peers', status ? String(status.peers) : '…'],
    ['Speed', status ? speed(status.bytesPerSecond) : '…'],
    ['At home', status ? `${fileSize(status.downloadedBytes)} of ${fileSize(status.sizeBytes)}, ${status.state}` : '…'],
    ['Repairs', String(repairs)],
    ['Stream', stream?.streamId ?? '…'],
  ]
  return (
    <PanelCard title="Stats for nerds" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-sm tabular-nums">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-quiet">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </PanelCard>
  )
}

function useFrames(player: Player) {
  const [frames, setFrames] = useState(() => readFrames(player))
  useEffect(() => {
    const timer = setInterval(() => setFrames(readFrames(player)), 500)
    return () => clearInterval(timer)
  }, [player])
  return frames
}

function readFrames({ video, viewing }: Player) {
  const { bitsPerSecond } = viewing
  const { totalVideoFrames = 0, droppedVideoFrames = 0 } = video.getVideoPlaybackQuality?.() ?? {}
  return {
    total: totalVideoFrames,
    dropped: droppedVideoFrames,
    aheadSeconds: aheadSeconds(video),
    kilobits: bitsPerSecond === undefined ? undefined : Math.round(bitsPerSecond / 1000),
    width: video.videoWidth,
    height: video.videoHeight,
  }
}
