/** What an operator wants of releases and what not, and how a release fares by it. Pure. */
import * as z from 'zod'
import { type Release, ReleaseAudioCodec, ReleaseHdr, ReleaseSource, ReleaseVideoCodec } from './release.ts'

const some = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(20).optional()

/** Holds when all that it names holds; of a list any one. What a release does not say, no rule holds of. */
export const ReleaseRule = z
  .strictObject({
    /** `refuse`: never play it by itself. `avoid`, `prefer`: after, or before, others that are as good. */
    effect: z.enum(['refuse', 'avoid', 'prefer']),
    sources: some(ReleaseSource),
    videoCodecs: some(ReleaseVideoCodec),
    audioCodecs: some(ReleaseAudioCodec),
    hdr: some(ReleaseHdr),
    languages: some(z.string().min(2).max(8)),
    /** Without regard to capitals. */
    groups: some(z.string().min(1).max(60)),
    leastHeightPixels: z.int().positive().max(10_000).optional(),
    mostHeightPixels: z.int().positive().max(10_000).optional(),
    leastBytes: z.int().nonnegative().optional(),
    mostBytes: z.int().nonnegative().optional(),
    isThreeD: z.boolean().optional(),
    isRemux: z.boolean().optional(),
    hasHardSubtitles: z.boolean().optional(),
  })
  .refine((rule) => Object.values(rule).filter((value) => value !== undefined).length > 1, {
    message: 'A rule needs a condition: without one it would hold of every release.',
  })
export type ReleaseRule = z.infer<typeof ReleaseRule>

export const ReleaseRules = z.array(ReleaseRule).max(100)
export type ReleaseRules = z.infer<typeof ReleaseRules>

/** `weight`: how many rules prefer it, less those that avoid it. */
export type ReleaseVerdict = { isRefused: boolean; weight: number }

export function judgeRelease(
  release: Release,
  sizeBytes: number | null,
  rules: readonly ReleaseRule[],
): ReleaseVerdict {
  const held = rules.filter((rule) => holds(rule, release, sizeBytes))
  const count = (effect: ReleaseRule['effect']) => held.filter((rule) => rule.effect === effect).length
  return { isRefused: count('refuse') > 0, weight: count('prefer') - count('avoid') }
}

function holds(rule: ReleaseRule, release: Release, sizeBytes: number | null): boolean {
  const { heightPixels, group } = release
  return (
    isAnyOf(rule.sources, [release.source]) &&
    isAnyOf(rule.videoCodecs, [release.videoCodec]) &&
    isAnyOf(rule.audioCodecs, release.audioCodecs) &&
    isAnyOf(rule.hdr, release.hdr) &&
    isAnyOf(rule.languages, release.languages) &&
    isAnyOf(
      rule.groups?.map((one) => one.toLowerCase()),
      [group?.toLowerCase()],
    ) &&
    isWithin(heightPixels, rule.leastHeightPixels, rule.mostHeightPixels) &&
    isWithin(sizeBytes ?? undefined, rule.leastBytes, rule.mostBytes) &&
    (rule.isThreeD === undefined || rule.isThreeD === (release.threeD !== undefined)) &&
    (rule.isRemux === undefined || rule.isRemux === (release.isRemux ?? false)) &&
    (rule.hasHardSubtitles === undefined || rule.hasHardSubtitles === (release.hasHardSubtitles ?? false))
  )
}

const isAnyOf = <T>(wanted: readonly T[] | undefined, said: readonly (T | undefined)[]) =>
  wanted === undefined || said.some((one) => one !== undefined && wanted.includes(one))

const isWithin = (value: number | undefined, least: number | undefined, most: number | undefined) =>
  (least === undefined && most === undefined) ||
  (value !== undefined && value >= (least ?? 0) && value <= (most ?? Number.POSITIVE_INFINITY))
