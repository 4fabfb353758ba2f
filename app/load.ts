import { notFound } from 'next/navigation';
import { Problem } from '#lib/server/problem.ts';

/** What the data layer gives; what it does not have, or not for this person, is the page that says so. */
export async function load<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 403)) notFound();
    throw error;
  }
}
