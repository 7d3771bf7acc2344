/** What ffprobe finds in made segments, for tests: packets with their times, and the sound they decode to. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Packet = { time: number; decodeTime: number; duration: number; isKey: boolean }

const run = (command: string, args: string[]) =>
  promisify(execFile)(command, args, { encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 })

function written(directory: string, parts: readonly Uint8Array[]): string {
  const path = join(directory, `joined-${Math.random().toString(36).slice(2)}.mp4`)
  writeFileSync(path, Buffer.concat(parts))
  return path
}

/** Init and segments, as a player appends them. */
export async function readPackets(directory: string, parts: readonly Uint8Array[]): Promise<Packet[]> {
  const path = written(directory, parts)
  const show = ['-show_entries', 'packet=pts_time,dts_time,duration_time,flags', '-of', 'json']
  const { stdout } = await run('ffprobe', ['-v', 'error', ...show, path])
  const { packets } = JSON.parse(stdout.toString()) as { packets: Record<string, string>[] }
  return packets.map(({ pts_time, dts_time, duration_time, flags }) => ({
    ...{ time: Number(pts_time), decodeTime: Number(dts_time), duration: Number(duration_time) },
    isKey: flags?.startsWith('K') ?? false,
  }))
}

/** Complaints of a full decode; empty when there is none. */
export async function decodingComplaints(directory: string, parts: readonly Uint8Array[]): Promise<string> {
  const { stderr } = await run('ffmpeg', [
    '-nostdin',
    '-v',
    'warning',
    '-i',
    written(directory, parts),
    '-f',
    'null',
    '-',
  ])
  return stderr.toString()
}

/** Samples of one channel (−1 to 1), at 48 kHz. */
export async function decodeSound(directory: string, parts: readonly Uint8Array[], channel = 0): Promise<Float32Array> {
  const to = ['-af', `pan=mono|c0=c${channel}`, '-f', 'f32le', 'pipe:1']
  const { stdout } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', written(directory, parts), ...to])
  return new Float32Array(new Uint8Array(stdout).buffer)
}
