/** What happened to this account, newest first; looking at it marks it as read. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { wordsFor } from '../error-words.ts'
import { type Notice, readNotices } from '../identity-api.ts'
import { noticesQuery } from '../identity-queries.ts'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../ui/panel.tsx'
import { since, when } from '../ui/time-format.ts'
import { noticeWords } from './notice-words.ts'

export function NoticesSection() {
  const queryClient = useQueryClient()
  const { data, error, refetch, isFetching } = useQuery(noticesQuery)
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const unread = data?.filter(({ readAt }) => readAt === null).map(({ id }) => id) ?? []
    if (unread.length === 0) return
    // They stay marked as new while this page is open.
    setFresh((before) => new Set([...before, ...unread]))
    readNotices()
      .then(() => queryClient.invalidateQueries({ queryKey: noticesQuery.queryKey }))
      .catch(() => undefined)
  }, [data, queryClient])
  return (
    <Panel title="News about your account" lead="If something here was not you, change your password.">
      {!data && !error && <LoadingRows label="Loading the news" rows={3} />}
      {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {data?.length === 0 && <p className="text-sm text-quiet">Nothing happened yet. That is good.</p>}
      {data && data.length > 0 && (
        <RowList label="News">
          {data.map((notice) => (
            <NoticeRow key={notice.id} notice={notice} isFresh={fresh.has(notice.id)} />
          ))}
        </RowList>
      )}
    </Panel>
  )
}

function NoticeRow({ notice, isFresh }: { notice: Notice; isFresh: boolean }) {
  const { title, text } = noticeWords(notice.kind, notice.details)
  return (
    <Row
      title={
        <>
          {title} {isFresh && <Tag tone="lamp">New</Tag>}
        </>
      }
      note={text === '' ? when(notice.createdAt, Date.now()) : `${text} ${since(notice.createdAt, Date.now())}`}
    />
  )
}
