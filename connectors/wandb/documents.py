"""The questions that are asked; fields as the public client asks for them."""

from __future__ import annotations

PROJECTS = """
query Projects($entity: String, $cursor: String, $perPage: Int) {
  models(entityName: $entity, after: $cursor, first: $perPage) {
    pageInfo { endCursor hasNextPage }
    edges { node { id name } }
  }
}
"""

RUNS = """
query Runs($entity: String!, $project: String!, $cursor: String, $perPage: Int, $order: String) {
  project(name: $project, entityName: $entity) {
    runs(after: $cursor, first: $perPage, order: $order) {
      pageInfo { endCursor hasNextPage }
      edges { node {
        id name displayName state group jobType commit config summaryMetrics
        createdAt heartbeatAt user { username }
      } }
    }
  }
}
"""

VERSIONS = """
query Versions($organization: String!, $cursor: String, $perPage: Int) {
  organization(name: $organization) {
    orgEntity {
      artifactMemberships(after: $cursor, first: $perPage) {
        pageInfo { endCursor hasNextPage }
        edges { node {
          id versionIndex
          aliases { alias }
          artifactCollection { id name description createdAt project { name } }
          artifact { id digest state description createdAt tags { name } }
        } }
      }
    }
  }
}
"""

LINEAGE = """
query Lineage($id: ID!) {
  artifact(id: $id) {
    createdBy { ... on Run { name project { name entity { name } } } }
    usedBy { edges { node { name project { name entity { name } } } } }
  }
}
"""
