package io.tlengine.pgcheck.gather.saved;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Facts as JSON and back. Facts stay plain records without annotations: what JSON needs to know is
 * in their types. Reading is strict, so that a file of another version is refused and not read in
 * part.
 */
final class FactsMapper {

  /** Names the record of a sealed interface. */
  private static final String TYPE = "@type";

  private FactsMapper() {}

  static ObjectMapper create() {
    return new ObjectMapper()
        .registerModule(new Jdk8Module())
        .registerModule(new JavaTimeModule())
        .setAnnotationIntrospector(new Records())
        .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(
            SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
            SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
            SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  }

  /** Reads from the language what other programs write into annotations. */
  private static final class Records extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
        MapperConfig<?> config, AnnotatedClass annotated, JavaType type) {
      if (!sealed(type.getRawClass())) {
        return super.findTypeResolver(config, annotated, type);
      }
      return new StdTypeResolverBuilder(
          JsonTypeInfo.Value.construct(
              JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, TYPE, null, false, true));
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
      return sealed(annotated.getRawType())
          ? records(annotated.getRawType()).map(r -> new NamedType(r, r.getSimpleName())).toList()
          : super.findSubtypes(annotated);
    }

    /** Methods of a record that merely look like getters are no components. */
    @Override
    public boolean hasIgnoreMarker(AnnotatedMember member) {
      return super.hasIgnoreMarker(member)
          || (member instanceof AnnotatedMethod
              && member.getDeclaringClass().isRecord()
              && Arrays.stream(member.getDeclaringClass().getRecordComponents())
                  .noneMatch(c -> c.getName().equals(member.getName())));
    }

    private static boolean sealed(Class<?> type) {
      return type.isInterface() && type.isSealed();
    }

    private static Stream<Class<?>> records(Class<?> type) {
      return Arrays.stream(type.getPermittedSubclasses())
          .flatMap(t -> sealed(t) ? records(t) : Stream.of(t));
    }
  }
}
