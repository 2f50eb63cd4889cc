import type { Access } from '../../shared/access/read-trail.ts';

/** Every page of a list until its last. Each is asked for under a request of its own, so that each stands in the trail of reads. */
export async function* pagesOf<Page extends { readonly next?: string }>(
  access: Access,
  read: (access: Access, from: { readonly after?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  let after: string | undefined;
  do {
    const request = `${access.request} ${after ?? ''}`;
    const page = await read({ ...access, request }, after === undefined ? {} : { after });
    yield page;
    after = page.next;
  } while (after !== undefined);
}
