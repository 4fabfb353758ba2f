import type { IconName } from '#components/parts/icon.tsx';
import type { Crumb } from './crumbs.tsx';

export type PlaceKey =
  | 'projects'
  | 'home'
  | 'notebooks'
  | 'datasets'
  | 'streams'
  | 'connections'
  | 'jobs'
  | 'reviews'
  | 'insights'
  | 'people'
  | 'settings';

export interface Place {
  key: PlaceKey;
  label: string;
  icon: IconName;
  href: string;
  /** Goes there from anywhere: `g` and then the letter. */
  keys: string;
  /** Reached from the palette and the drawer, not from the rail. */
  beside?: true;
}

/** The places of a project, in the order of the rail. */
export function placesOf(projectId: string): Place[] {
  const root = `/projects/${projectId}`;
  return [
    { key: 'home', label: 'Home', icon: 'house', href: root, keys: 'g h' },
    { key: 'notebooks', label: 'Notebooks', icon: 'notebook-text', href: `${root}/notebooks`, keys: 'g n' },
    { key: 'datasets', label: 'Datasets', icon: 'table-2', href: `${root}/datasets`, keys: 'g d' },
    { key: 'streams', label: 'Streams', icon: 'radio', href: `${root}/streams`, keys: 'g t' },
    {
      key: 'connections',
      label: 'Connections',
      icon: 'server',
      href: `${root}/connections`,
      keys: 'g c',
      beside: true,
    },
    { key: 'jobs', label: 'Jobs', icon: 'calendar-clock', href: `${root}/jobs`, keys: 'g j' },
    { key: 'reviews', label: 'Reviews', icon: 'git-pull-request-arrow', href: `${root}/promotions`, keys: 'g r' },
    { key: 'insights', label: 'Insights', icon: 'compass', href: `${root}/insights`, keys: 'g i' },
    { key: 'people', label: 'People', icon: 'users', href: `${root}/people`, keys: 'g p' },
  ];
}

const projects: Place = { key: 'projects', label: 'All projects', icon: 'house', href: '/projects', keys: 'g a' };

/** Without a project: the workspace's own. */
export const workspacePlaces: Place[] = [
  projects,
  { key: 'insights', label: 'Insights', icon: 'compass', href: '/insights', keys: 'g i' },
];

const settings: Place = { key: 'settings', label: 'Settings', icon: 'settings-2', href: '/settings', keys: 'g s' };

/** These places and those reached from every page. */
export function withEverywhere(places: Place[]): Place[] {
  return [...places, ...[projects, settings].filter((place) => !places.includes(place))];
}

/** Where something of a project is: the project, the place, its name. */
export function crumbsIn(project: { id: string; name: string }, key: PlaceKey, here: string): Crumb[] {
  const { label, href } = placesOf(project.id).find((place) => place.key === key)!;
  return [{ label: project.name, href: `/projects/${project.id}` }, { label, href }, { label: here }];
}
