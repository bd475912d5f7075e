-- Labels of a record and of its project, each a JSON list of keys and values, as one JSON object.
create temp macro labelled(own, project) as
nullif(
    '{' || array_to_string(
        list_concat(
            list_transform(
                coalesce(from_json(own, '[{"key":"VARCHAR","value":"VARCHAR"}]'), []),
                lambda pair: to_json(pair.key) || ':' || to_json(pair.value)
            ),
            list_transform(
                coalesce(from_json(project, '[{"key":"VARCHAR","value":"VARCHAR"}]'), []),
                lambda pair: to_json('project/' || pair.key) || ':' || to_json(pair.value)
            )
        ),
        ','
    ) || '}',
    '{}'
)
