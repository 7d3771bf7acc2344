/** What narrows a search: kind, decade, length, and whether it can be watched now. */
import { Choice } from '../ui/choice.tsx'
import { readWish, type SearchWish } from './search-wish.ts'

const kinds = [
  ['', 'Everything'],
  ['movie', 'Films'],
  ['show', 'Shows'],
] as const
const lengths = [
  ['', 'Any length'],
  ['30', 'Up to 30 min'],
  ['90', 'Up to 1 h 30 min'],
  ['120', 'Up to 2 h'],
] as const
const decades = [
  ['', 'Any year'],
  ...[2020, 2010, 2000, 1990, 1980, 1970, 1960].map((year) => [String(year), `${year}s`] as const),
  ['1870', 'Before 1960'],
] as const

export function SearchFilters({ wish, onWish }: { wish: SearchWish; onWish: (wish: SearchWish) => void }) {
  const decade = (from: string) =>
    from === '' ? {} : { yearFrom: from, yearTo: from === '1870' ? '1959' : String(Number(from) + 9) }
  const { yearFrom: _from, yearTo: _to, ...ageless } = wish
  return (
    <div className="grid grid-cols-2 gap-3 py-5 sm:flex sm:flex-wrap sm:items-end">
      <Choice
        label="Kind"
        value={wish.kind ?? ''}
        options={kinds}
        onValue={(kind) => onWish(readWish({ ...wish, kind }))}
      />
      <Choice
        label="Year"
        value={wish.yearFrom ?? ''}
        options={decades}
        onValue={(from) => onWish(readWish({ ...ageless, ...decade(from) }))}
      />
      <Choice
        label="Length"
        value={wish.runtimeTo ?? ''}
        options={lengths}
        onValue={(runtimeTo) => onWish(readWish({ ...wish, runtimeTo }))}
      />
      <label className="flex min-h-12 items-center gap-3 self-end">
        <input
          type="checkbox"
          className="size-5 accent-lamp"
          checked={wish.available === '1'}
          onChange={(event) => onWish(readWish({ ...wish, available: event.target.checked ? '1' : undefined }))}
        />
        At home now
      </label>
    </div>
  )
}
